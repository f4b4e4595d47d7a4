// conformance: {"args":["-e","1A=x"]}
// The command line refused: bad-env-name.
export default function () {
  console.log('never');
}
