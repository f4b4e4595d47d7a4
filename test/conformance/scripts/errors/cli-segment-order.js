// conformance: {"args":["--execution-segment","2:1"]}
// The command line refused: segment-order.
export default function () {
  console.log('never');
}
