// conformance: {"args":["--execution-segment","x"]}
// The command line refused: bad-segment.
export default function () {
  console.log('never');
}
