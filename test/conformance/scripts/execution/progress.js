// scenario.progress counts iterations where their number is known.
import exec from 'k6/execution';
export const options = {
  scenarios: {
    shared: { executor: 'shared-iterations', vus: 1, iterations: 4 },
    each: { executor: 'per-vu-iterations', vus: 1, iterations: 2, startTime: '500ms' },
  },
};
export default function () {
  console.log(exec.scenario.name, exec.scenario.progress);
}
