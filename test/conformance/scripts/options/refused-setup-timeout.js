// conformance: {"ignore":["log"]}
export const options = { setupTimeout: '0s' };
export default function () { console.log('must not run'); }
