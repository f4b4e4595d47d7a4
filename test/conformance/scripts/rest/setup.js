// conformance: {"args":["--paused"],"sorted":true,"ignore":["metrics","log"],"rest":[{"wait":4},{"path":"/v1/setup"},{"method":"POST","path":"/v1/setup"},{"path":"/v1/setup"},{"method":"PUT","path":"/v1/setup","body":{"y":[1,2]}},{"path":"/v1/setup"},{"method":"PUT","path":"/v1/setup","body":"bad"},{"method":"PUT","path":"/v1/setup","body":""},{"path":"/v1/setup"},{"method":"PUT","path":"/v1/setup","body":"[1]"},{"method":"POST","path":"/v1/teardown"},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"paused":false}}}}]}
export const options = { vus: 1, iterations: 2 };
let runs = 0;
export function setup() { console.log('setup'); return { x: 1, l: [1, '<>'] }; }
export default function (data) { console.log(data.x, data.l.length, data.y); }
export function teardown(data) { console.log('teardown', data && data.length, data && data.x); }
