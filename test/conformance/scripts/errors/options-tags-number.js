// Options that are refused: tags-number.
export const options = { scenarios: { a: { executor: 'shared-iterations', tags: { n: 1 } } } };
export default function () {
  console.log('never');
}
