// Options that are refused: max-vus.
export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 5, maxVUs: 1 } } };
export default function () {
  console.log('never');
}
