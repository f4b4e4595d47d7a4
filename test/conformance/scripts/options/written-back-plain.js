// conformance: {}
export const options = {};
export default function () { console.log(JSON.stringify(options)); }
