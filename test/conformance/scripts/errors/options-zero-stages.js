// Options that are refused: zero-stages.
export const options = { scenarios: { a: { executor: 'ramping-vus', startVUs: 0, stages: [{ duration: '1s', target: 0 }] } } };
export default function () {
  console.log('never');
}
