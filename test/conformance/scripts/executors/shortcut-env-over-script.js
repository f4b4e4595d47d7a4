// conformance: {"env":{"K6_ITERATIONS":"2","K6_VUS":"2"}}
// How options become a scenario: env-over-script.
import exec from 'k6/execution';
export const options = { stages: [{ duration: '5s', target: 1 }] };
let shown = false;
export default function () {
  if (!shown && __VU === 1) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
  shown = true;
}
export function other() {}
