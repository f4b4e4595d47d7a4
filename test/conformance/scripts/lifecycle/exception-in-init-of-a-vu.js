// conformance: {"ignore":["console"]}
// The init code of one VU throws: no iteration runs.
if (__VU === 1) throw new Error('in the init code of VU 1');
export default function () {
  console.log('iteration');
}
