// conformance: {"ignore":["log"]}
if (__VU === 1) Promise.reject(new Error('in VU 1'));
export default function () {
  console.log('iteration');
}
