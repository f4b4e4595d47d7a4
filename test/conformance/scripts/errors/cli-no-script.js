// conformance: {"steps":[["run"]]}
// The command line refused: no-script.
export default function () {
  console.log('never');
}
