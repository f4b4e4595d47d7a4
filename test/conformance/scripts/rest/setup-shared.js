// conformance: {"args":["--paused","--no-setup","--no-teardown"],"sorted":true,"ignore":["metrics"],"rest":[{"wait":4},{"method":"PUT","path":"/v1/setup","body":{"from":"another instance"}},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"paused":false}}}}]}
export const options = { vus: 2, iterations: 2 };
export function setup() { console.log('must not run'); }
export default function (data) { console.log(JSON.stringify(data)); }
export function teardown() { console.log('must not run'); }
