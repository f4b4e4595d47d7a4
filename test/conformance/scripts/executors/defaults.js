// Nothing is said: one VU, one iteration.
import exec from 'k6/execution';
export default function () {
  console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(exec.test.options.scenarios));
}
