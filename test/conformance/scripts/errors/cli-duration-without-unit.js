// conformance: {"args":["-d","500"]}
// The command line refused: duration-without-unit.
export default function () {
  console.log('never');
}
