// conformance: {"args":["--secret-source=mock=one=first,two=a=b"]}
import secrets from "k6/secrets";
export default async function () {
  for (const key of ["one", "two"]) try { const value = await secrets.get(key); console.log(key, value, value.length, value.split("").join("-")); } catch (e) { console.log(key, "rejected", String(e)); }
}
