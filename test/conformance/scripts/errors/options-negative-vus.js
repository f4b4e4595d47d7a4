// Options that are refused: negative-vus.
export const options = { vus: -1, duration: '1s' };
export default function () {
  console.log('never');
}
