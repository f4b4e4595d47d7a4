// Options that are refused: zero-duration.
export const options = { duration: '0s' };
export default function () {
  console.log('never');
}
