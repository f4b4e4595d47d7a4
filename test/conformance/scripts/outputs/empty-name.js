// conformance: {"args":["--out",""]}
export const options = { vus: 1, iterations: 1 };
export default function () {
  console.log("runs");
}
