// conformance: {"env":{"K6_STAGES":"1s:1,0s:0","K6_SETUP_TIMEOUT":"2000"},"ignore":["metrics"]}
import exec from 'k6/execution';
import { sleep } from 'k6';
export default function () { if (__ITER === 0) console.log(JSON.stringify(exec.test.options.scenarios), exec.test.options.setupTimeout); sleep(0.4); }
