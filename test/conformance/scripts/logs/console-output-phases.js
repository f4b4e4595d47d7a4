// conformance: {"args":["--console-output","console.txt"],"files":["console.txt"],"ignore":["console"]}
export const options = { vus: 1, iterations: 1 };

console.log("init");

export function setup() {
  console.log("setup");
}

export default function () {
  console.log("iteration");
}

export function teardown() {
  console.warn("teardown");
}

export function handleSummary() {
  console.error("summary");
  return {};
}
