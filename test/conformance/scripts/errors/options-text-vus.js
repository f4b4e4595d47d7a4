// Options that are refused: text-vus.
export const options = { vus: 'many' };
export default function () {
  console.log('never');
}
