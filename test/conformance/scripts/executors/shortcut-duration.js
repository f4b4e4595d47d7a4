// conformance: {"ignore":["metrics"]}
// How options become a scenario: duration.
import exec from 'k6/execution';
export const options = { vus: 1, duration: '1s', minIterationDuration: '1s' };
export default function () {
  if (exec.scenario.iterationInTest === 0) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
}
export function other() {}
