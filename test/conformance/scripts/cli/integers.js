// conformance: {"args":["-u","0x2","-i","0b11","--rps","1_000"],"sorted":true}
import exec from 'k6/execution';
export default function () { console.log(exec.test.options.rps, exec.test.options.scenarios.default.vus); }
