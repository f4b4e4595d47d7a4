// conformance: {"ignore":["log"]}
export const options = { executionSegmentSequence: '0' };
export default function () { console.log('must not run'); }
