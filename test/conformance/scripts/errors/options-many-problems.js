// Options that are refused: many problems.
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 0, iterations: 0, maxDuration: '1ms' } } };
export default function () {
  console.log('never');
}
