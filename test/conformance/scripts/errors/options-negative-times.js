// Options that are refused: negative-times.
export const options = { scenarios: { a: { executor: 'shared-iterations', startTime: '-1s', gracefulStop: '-1s' } } };
export default function () {
  console.log('never');
}
