// conformance: {"args":["--nope"]}
// The command line refused: unknown-flag.
export default function () {
  console.log('never');
}
