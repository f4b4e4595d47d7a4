// conformance: {"sorted":true}
// Fields of scenarios and stages in another case than k6's documentation has them.
import exec from 'k6/execution';
export const options = {
  Scenarios: {
    a: { Executor: 'per-vu-iterations', VUS: 2, Iterations: 2, EXEC: 'one', Tags: { kind: 'first' }, ENV: { NAME: 'value' }, MaxDuration: '10s' },
    b: { executor: 'constant-arrival-rate', rate: 4, timeunit: '1s', Duration: '1125ms', preAllocatedVus: 2, maxVus: 2, gracefulstop: '5s', exec: 'two' },
    c: { executor: 'ramping-vus', startVus: 1, STAGES: [{ Duration: '1s', TARGET: 1 }], gracefulRampdown: '1s', exec: 'three' },
  },
};
export function one() {
  console.log(exec.scenario.name, exec.vu.iterationInInstance, __ENV.NAME, exec.vu.tags.kind);
}
export function two() {
  console.log(exec.scenario.name, exec.scenario.iterationInTest);
}
export function three() {
  if (exec.vu.iterationInScenario === 0) {
    const { scenarios } = exec.test.options;
    console.log(JSON.stringify(scenarios.a), JSON.stringify(scenarios.b), JSON.stringify(scenarios.c));
  }
  const end = Date.now() + 1100;
  while (Date.now() < end);
}
