// conformance: {"args":["--stage","nope"]}
// The command line refused: bad-stage.
export default function () {
  console.log('never');
}
