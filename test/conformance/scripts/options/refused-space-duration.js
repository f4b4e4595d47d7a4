// conformance: {"ignore":["log"]}
export const options = { duration: ' 1s' };
export default function () { console.log('must not run'); }
