// A setup that throws beats a threshold.
export const options = { thresholds: { iterations: ['count>0'] } };
export function setup() {
  throw new Error('no setup');
}
export default function () {}
