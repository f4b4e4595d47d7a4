// conformance: {"args":["-d","1s","--execution-segment","0:1"],"ignore":["metrics"]}
import exec from 'k6/execution';
import { sleep } from 'k6';
export default function () { if (__ITER === 0) console.log(JSON.stringify(exec.test.options.scenarios), JSON.stringify(exec.test.options.executionSegment)); sleep(0.5); }
