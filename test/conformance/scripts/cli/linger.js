// conformance: {"args":["--linger"],"signal":{"name":"SIGINT","after":"teardown begins"},"ignore":["metrics","log"]}
// A signal before the end of the test ends it, and there is nothing to linger for.
import { sleep } from 'k6';
export const options = { vus: 1, iterations: 1 };
export default function () {}
export function teardown() { console.error('teardown begins'); sleep(0.7); console.error('teardown ends'); }
