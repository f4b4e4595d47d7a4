// conformance: {"ignore":["log"]}
export const options = { vus: 2, iterations: 2 };
if (__VU === 2) setTimeout(() => { throw new Error('in VU 2'); }, 1);
export default function () {
  console.log('iteration');
}
