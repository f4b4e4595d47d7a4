// conformance: {"args":["--paused","--no-setup","--no-teardown"],"sorted":true,"ignore":["metrics"],"rest":[{"wait":4},{"method":"POST","path":"/v1/setup"},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"paused":false}}}}]}
export const options = { vus: 2, iterations: 2 };
export function setup() { console.log('setup once'); return { made: 'here' }; }
export default function (data) { console.log(JSON.stringify(data)); }
