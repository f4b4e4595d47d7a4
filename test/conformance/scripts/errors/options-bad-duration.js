// Options that are refused: bad-duration.
export const options = { duration: 'soon' };
export default function () {
  console.log('never');
}
