// conformance: {"command":["inspect"],"ignore":["log"]}
throw new Error('in init');
export default function () {}
