// Options that are refused: empty-exec.
export const options = { scenarios: { a: { executor: 'shared-iterations', exec: '' } } };
export default function () {
  console.log('never');
}
