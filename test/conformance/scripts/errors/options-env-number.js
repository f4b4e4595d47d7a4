// Options that are refused: env-number.
export const options = { scenarios: { a: { executor: 'shared-iterations', env: { N: 1 } } } };
export default function () {
  console.log('never');
}
