// An unknown option is a warning.
export const options = { iteration: 5, vus: 1, nested: { a: 1 } };
export default function () {
  console.log('runs');
}
