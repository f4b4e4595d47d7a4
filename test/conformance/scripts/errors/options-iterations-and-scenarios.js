// Options that are refused: iterations-and-scenarios.
export const options = { iterations: 2, scenarios: { a: { executor: 'shared-iterations' } } };
export default function () {
  console.log('never');
}
