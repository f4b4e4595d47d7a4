// conformance: {"args":["--linger"],"signal":{"name":"SIGINT","after":"teardown done"},"ignore":["metrics"]}
import { group, check } from 'k6';
export const options = { vus: 1, iterations: 1 };
export default function () { group('outer', () => { check(1, { one: true }); group('inner', () => check(1, { two: false })); }); }
export function teardown() { console.error('teardown done'); }
