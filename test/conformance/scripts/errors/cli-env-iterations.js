// conformance: {"env":{"K6_ITERATIONS":"many"}}
// The command line refused: env-iterations.
export default function () {
  console.log('never');
}
