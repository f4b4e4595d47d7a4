// conformance: {"ignore":["metrics"]}
// How options become a scenario: stages.
import exec from 'k6/execution';
export const options = { stages: [{ duration: '1s', target: 1 }], minIterationDuration: '1s' };
export default function () {
  if (exec.scenario.iterationInTest === 0) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
}
export function other() {}
