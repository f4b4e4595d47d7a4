// Options that are refused: executor.
export const options = { scenarios: { a: { executor: 'nope' } } };
export default function () {
  console.log('never');
}
