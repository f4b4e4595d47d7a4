// conformance: {"env":{"K6_MIN_ITERATION_DURATION":"400ms"},"args":["--iterations","2"]}
let last = 0;

export default function () {
  const now = Date.now();
  console.log(last === 0 || now - last >= 300);
  last = now;
}
