// conformance: {"args":["--log-format","json"],"env":{"K6_CONSOLE_OUTPUT":"console.txt"},"files":["console.txt"]}
export const options = { vus: 1, iterations: 1 };

export default function () {
  console.log("plain");
  console.info("a b", { x: 1 });
  console.warn("w=1 \"quoted\" back\\slash");
  console.error("two\nlines");
  console.debug("only with -v");
  console.log("x:y/z");
  console.log("");
  console.log("ünï → ✓");
  console.log("tab\tand \u001b[31mred and <html> & more");
}
