// What k6/execution gives in setup, teardown and handleSummary.
import exec from 'k6/execution';
const attempts = {
  vu: () => exec.vu.idInTest,
  iterationInScenario: () => exec.vu.iterationInScenario,
  scenario: () => exec.scenario.name,
  progress: () => exec.scenario.progress,
  active: () => exec.instance.vusActive,
  completed: () => exec.instance.iterationsCompleted,
  options: () => typeof exec.test.options,
  tags: () => JSON.stringify(Object.entries(exec.vu.tags).sort()),
};
function show(where) {
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      console.log(where, name, attempt());
    } catch (error) {
      console.log(where, name, error.name, error.message);
    }
  }
}
export function setup() {
  show('setup');
}
export default function () {}
export function teardown() {
  show('teardown');
}
export function handleSummary() {
  show('summary');
  return {};
}
