// conformance: {"args":["--paused"],"sorted":true,"ignore":["metrics"],"rest":[{"wait":4},{"path":"/v1/status"},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"paused":false}}}}]}
import { sleep } from 'k6';
export const options = { vus: 2, duration: '1s' };
export default function () { if (__ITER === 0) console.log('started'); sleep(0.3); }
