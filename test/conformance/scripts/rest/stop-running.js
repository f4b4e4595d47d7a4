// conformance: {"args":["--duration","20s"],"sorted":true,"ignore":["metrics","rest"],"rest":[{"wait":7},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"stopped":true}}}}]}
import { sleep } from 'k6';
export const options = { vus: 2, duration: '1s' };
export default function () { sleep(10); }
export function teardown() { console.log('teardown'); }
