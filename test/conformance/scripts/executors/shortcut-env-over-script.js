// conformance: {"env":{"K6_ITERATIONS":"2","K6_VUS":"2"}}
// How options become a scenario: env-over-script.
import exec from 'k6/execution';
export const options = { stages: [{ duration: '5s', target: 1 }] };
export default function () {
  if (exec.scenario.iterationInTest === 0) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
}
export function other() {}
