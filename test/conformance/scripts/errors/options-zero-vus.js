// Options that are refused: zero-vus.
export const options = { vus: 0, iterations: 1 };
export default function () {
  console.log('never');
}
