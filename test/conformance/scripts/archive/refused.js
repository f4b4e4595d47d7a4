// conformance: {"command":["archive"],"ignore":["log"]}
export const options = { vus: 'x' };
export default function () {}
