// conformance: {}
export const options = { scenarios: {} };
export default function () { console.log('once'); }
