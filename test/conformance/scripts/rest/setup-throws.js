// conformance: {"args":["--paused"],"ignore":["metrics","log","rest"],"rest":[{"wait":4},{"method":"POST","path":"/v1/setup"},{"method":"POST","path":"/v1/teardown"},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"stopped":true}}}}]}
export const options = { vus: 1, iterations: 1 };
export function setup() { throw new Error('boo'); }
export default function () {}
export function teardown() { throw new Error('td'); }
