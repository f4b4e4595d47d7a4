// conformance: {"args":["--paused"],"signal":{"name":"SIGTERM","after":"init done"},"ignore":["metrics","log","checks","thresholds"]}
if (__VU === 1) console.error('init done');
export function setup() { console.log('must not run'); }
export default function () { console.log('must not run'); }
