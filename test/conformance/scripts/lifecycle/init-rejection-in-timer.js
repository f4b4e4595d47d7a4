// A text as the reason, out of a timer.
setTimeout(() => {
  Promise.reject('a text');
}, 1);
export default function () {
  console.log('iteration');
}
