// conformance: {"args":["--tag","novalue"]}
// The command line refused: bad-tag.
export default function () {
  console.log('never');
}
