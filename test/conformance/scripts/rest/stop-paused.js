// conformance: {"args":["--paused"],"ignore":["metrics","log","checks","thresholds"],"rest":[{"wait":4},{"method":"PATCH","path":"/v1/status","body":{"data":{"type":"status","id":"default","attributes":{"stopped":true}}}}]}
import { sleep } from 'k6';
export const options = { vus: 2, duration: '1s' };
export function setup() { console.log('setup'); }
export default function () { console.log('must not run'); }
export function teardown() { console.log('teardown'); }
