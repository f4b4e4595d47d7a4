// conformance: {"ignore":["log"]}
export const options = { executionSegment: '2:1' };
export default function () { console.log('must not run'); }
