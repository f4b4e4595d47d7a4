// conformance: {"args":["--execution-segment","0:1/2","--execution-segment-sequence","0,1/3,1"]}
// The command line refused: segment-not-in-sequence.
export default function () {
  console.log('never');
}
