// __VU and __ITER in every context; both can be written.
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 1, iterations: 3 } } };

console.log('init', typeof __VU, __VU, typeof __ITER);

export function setup() {
  console.log('setup', __VU, typeof __ITER);
}
export default function () {
  console.log('iteration', __VU, __ITER);
  if (__ITER === 1) {
    __VU = 'changed';
    __ITER = 77;
    console.log('written', __VU, __ITER);
  }
}
export function teardown() {
  console.log('teardown', __VU, typeof __ITER);
}
export function handleSummary() {
  console.log('summary', __VU, typeof __ITER);
  return {};
}
