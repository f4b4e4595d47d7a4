// conformance: {"command":["inspect"],"stdin":true}
export const options = { vus: 3 };
export default function () {}
