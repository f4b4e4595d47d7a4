// conformance: {}
export const options = { stages: [] };
export default function () { console.log('once'); }
