// Options that are refused: no-stages.
export const options = { scenarios: { a: { executor: 'ramping-vus' } } };
export default function () {
  console.log('never');
}
