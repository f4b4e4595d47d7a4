// conformance: {"args":["--summary-mode","nope"]}
// The command line refused: summary-mode.
export default function () {
  console.log('never');
}
