// conformance: {"args":["--config","missing.json"]}
// The command line refused: missing-config.
export default function () {
  console.log('never');
}
