// conformance: {"args":["--secret-source=mock=one=shared"],"sorted":true}
import secrets from "k6/secrets";
export const options = { vus: 4, iterations: 4 };
export default async function () {
  const value = await secrets.get("one");
  console.log(`it is ${value}`);
  console.warn({ value });
}
