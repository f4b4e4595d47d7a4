// conformance: {"env":{"K6_NO_THRESHOLDS":"T"}}
export const options = { thresholds: { iterations: ['count>5'] } };
export default function () { console.log('runs'); }
