// conformance: {"args":["-u","2"],"sorted":true}
import exec from 'k6/execution';
export default function () { console.log(typeof options, JSON.stringify(exec.test.options.scenarios)); }
