// An exception of a timer of the init code.
setTimeout(() => {
  throw new Error('in a timer');
}, 1);
setTimeout(() => console.log('never'), 200);
export default function () {
  console.log('iteration');
}
