// An exception in teardown ends the run with 107; the summary is still handled.
export default function () {
  console.log('iteration');
}
export function teardown() {
  throw new Error('no teardown');
}
export function handleSummary() {
  console.log('summary');
  return {};
}
