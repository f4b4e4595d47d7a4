// conformance: {"args":["-u","3"],"sorted":true}
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'per-vu-iterations', exec: 'other' } } };
export function other() { console.log('other'); }
export default function () { console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(exec.test.options.scenarios)); }
