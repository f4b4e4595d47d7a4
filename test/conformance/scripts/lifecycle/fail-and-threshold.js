// Marked as failed (110) and a threshold crossed (99): which exit code wins.
import exec from 'k6/execution';
export const options = { thresholds: { iterations: ['count>5'] } };
export default function () {
  exec.test.fail();
}
