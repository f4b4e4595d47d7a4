// Options that are refused: unknown-field.
export const options = { scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', nope: 1 } } };
export default function () {
  console.log('never');
}
