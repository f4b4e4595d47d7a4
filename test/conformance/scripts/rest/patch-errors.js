// conformance: {"args":["--paused"],"ignore":["metrics","log"],"rest":[{"wait":4},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"paused":true}}}},{"method":"PATCH","path":"/v1/status","body":"xx"},{"method":"PATCH","path":"/v1/status","body":{}},{"method":"POST","path":"/v1/status"},{"method":"DELETE","path":"/v1/setup"},{"path":"/v1/teardown"},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"paused":false}}}},{"wait":7},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"paused":true}}}}]}
import { sleep } from 'k6';
export const options = { vus: 2, duration: '1s' };
export default function () { sleep(0.3); }
