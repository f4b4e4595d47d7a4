// Scenarios one after the other share VUs; progress and iteration numbers are the scenario's own.
import exec from 'k6/execution';
export const options = {
  scenarios: {
    first: { executor: 'per-vu-iterations', vus: 1, iterations: 2, maxDuration: '1s', gracefulStop: '0s', exec: 'first' },
    second: { executor: 'shared-iterations', vus: 1, iterations: 2, startTime: '1s', exec: 'second' },
  },
};
let seen = 0;
export function first() {
  console.log('first', exec.scenario.iterationInTest, exec.vu.idInTest, ++seen, __ITER);
}
export function second() {
  console.log('second', exec.scenario.iterationInTest, exec.vu.idInTest, ++seen, __ITER);
}
