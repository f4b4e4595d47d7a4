// conformance: {}
export const options = { rps: -1, batch: -2, batchPerHost: 0, maxRedirects: -1, minIterationDuration: -5, teardownTimeout: '-1s', systemTags: ['nope', 'scenario'] };
export default function () { console.log('runs'); }
