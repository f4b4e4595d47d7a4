// Options that are refused: externally-controlled.
export const options = { scenarios: { a: { executor: 'externally-controlled', maxVUs: 1, duration: '1s' } } };
export default function () {
  console.log('never');
}
