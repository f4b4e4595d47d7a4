// conformance: {}
import exec from 'k6/execution';
export const options = { userAgent: null, vus: null, iterations: '2', scenarios: null, tags: { a: null } };
export default function () { console.log(JSON.stringify(exec.test.options.scenarios), JSON.stringify(exec.test.options.tags)); }
