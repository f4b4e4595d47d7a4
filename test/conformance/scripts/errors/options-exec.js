// Options that are refused: exec.
export const options = { scenarios: { a: { executor: 'shared-iterations', exec: 'nope' } } };
export default function () {
  console.log('never');
}
