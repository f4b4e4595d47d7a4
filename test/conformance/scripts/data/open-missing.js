// A missing file that nobody catches.
const text = open('./missing.txt');
export default function () {
  console.log(text);
}
