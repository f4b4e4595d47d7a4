// An exception in setup ends the run before any iteration; teardown does not run.
export function setup() {
  console.log('setup');
  throw new Error('no setup');
}
export default function () {
  console.log('iteration');
}
export function teardown() {
  console.log('teardown');
}
export function handleSummary(data) {
  console.log('summary', Object.keys(data.metrics).includes('iterations'));
  return {};
}
