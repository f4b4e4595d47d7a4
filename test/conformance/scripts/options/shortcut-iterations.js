// conformance: {"args":["-i","2"]}
import exec from 'k6/execution';
export default function () { if (__ITER === 0) console.log(JSON.stringify(exec.test.options.scenarios), exec.scenario.name, exec.scenario.executor); }
