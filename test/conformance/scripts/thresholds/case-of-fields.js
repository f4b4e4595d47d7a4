// k6 does not mind the case of a field's name; a delay may be negative.
import exec from 'k6/execution';
export const options = {
  VUs: 1,
  Iterations: 3,
  Thresholds: {
    iterations: [{ Threshold: 'count==3', abortonfail: true, DelayAbortEval: '5s' }, { threshold: 'count<3', THRESHOLD: 'never', delayAbortEval: -5 }, { threshold: 'count>3', delayAbortEval: '-1m' }],
    checks: null,
  },
};
export default function () {
  if (__ITER > 0) return;
  console.log(JSON.stringify(exec.test.options.thresholds), exec.test.options.vus, exec.test.options.iterations);
}
