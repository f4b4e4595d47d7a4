// conformance: {"env":{"K6_THROW":"1"}}
// The command line refused: env-boolean.
export default function () {
  console.log('never');
}
