// conformance: {"command":["inspect","--execution-requirements"],"env":{"K6_DURATION":"90s"}}
export const options = { vus: 12, thresholds: { checks: ['rate>0.9'] } };
export default function () {}
