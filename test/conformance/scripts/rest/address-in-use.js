// conformance: {"args":["--address","nonsense"],"ignore":["log"]}
// k6 begins the run while it tries to listen: an iteration at once would win now and then.
export const options = { scenarios: { late: { executor: 'shared-iterations', startTime: '20s' } } };
export default function () { console.log('must not run'); }
