// conformance: {"ignore":["log"]}
export const options = { paused: 'true' };
export default function () { console.log('must not run'); }
