// Options that are refused: bad-stage.
export const options = { scenarios: { a: { executor: 'ramping-vus', stages: [{ target: 1 }, { duration: '1s' }, { duration: '-1s', target: -1 }] } } };
export default function () {
  console.log('never');
}
