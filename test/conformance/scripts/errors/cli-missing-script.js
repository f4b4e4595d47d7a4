// conformance: {"steps":[["run","missing.js"]]}
// The command line refused: missing-script.
export default function () {
  console.log('never');
}
