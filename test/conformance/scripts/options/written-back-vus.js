// conformance: {"sorted":true}
export const options = { vus: 2, minIterationDuration: '1.5ms', discardResponseBodies: true };
export default function () { console.log(JSON.stringify(options)); }
