// conformance: {"args":["--min-iteration-duration","300ms","--iterations","2"]}
// Shorter iterations are padded.
let before;
export default function () {
  const now = Date.now();
  if (before !== undefined) console.log(now - before >= 295);
  before = now;
}
