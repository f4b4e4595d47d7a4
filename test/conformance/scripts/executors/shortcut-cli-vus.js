// conformance: {"args":["--vus","2"]}
// How options become a scenario: cli-vus.
import exec from 'k6/execution';
export const options = { iterations: 4 };
export default function () {
  if (exec.scenario.iterationInTest === 0) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
}
export function other() {}
