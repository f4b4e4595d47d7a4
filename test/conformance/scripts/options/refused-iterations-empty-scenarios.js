// conformance: {"ignore":["log"]}
export const options = { iterations: 2, scenarios: {} };
export default function () { console.log('must not run'); }
