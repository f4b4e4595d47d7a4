// conformance: {"ignore":["metrics.data_sent","metrics.data_received"]}
// Iterations of other VUs are interrupted by an abort.
import exec from 'k6/execution';
import { sleep } from 'k6';
export const options = {
  scenarios: {
    waits: { executor: 'per-vu-iterations', vus: 2, iterations: 1, exec: 'waits' },
    aborts: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'aborts', startTime: '300ms' },
  },
};
export function waits() {
  sleep(20);
}
export function aborts() {
  exec.test.abort('all of you');
}
