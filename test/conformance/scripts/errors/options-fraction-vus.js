// Options that are refused: fraction-vus.
export const options = { vus: 1.5 };
export default function () {
  console.log('never');
}
