// conformance: {"args":["--rps","100000","--tag","foo=bar","--iterations","1"],"env":{"K6_BATCH":"7"}}
// What every VU finds in its exported options.
export const options = { duration: '1s', vus: 1, thresholds: { checks: ['rate>0.1', { threshold: 'rate>0.2', abortOnFail: true }] }, tags: { x: 'y' }, noSetup: false, setupTimeout: 5000, systemTags: ['url', 'vu'] };
export function setup() { console.log('setup', JSON.stringify(options)); }
export default function () { console.log('default', JSON.stringify(options)); }
export function teardown() { console.log('teardown', options.iterations); }
