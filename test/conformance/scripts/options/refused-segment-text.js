// conformance: {"ignore":["log"]}
export const options = { executionSegment: 'x' };
export default function () { console.log('must not run'); }
