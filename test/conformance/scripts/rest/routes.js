// conformance: {"args":["--paused"],"ignore":["metrics"],"rest":[{"wait":4},{"path":"/ping"},{"path":"/nope"},{"path":"/v1/nope"},{"path":"/v1/metrics/nope"},{"path":"/v1/groups/nope"},{"path":"/v1/groups"},{"path":"/v1/metrics","shape":true},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"stopped":true}}}}]}
export const options = { vus: 2, duration: '1s', thresholds: { checks: ['rate>0.5'], 'iterations{scenario:default}': ['count>0'] } };
export default function () {}
