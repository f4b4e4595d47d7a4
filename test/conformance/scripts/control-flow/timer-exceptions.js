// conformance: {"args":["--iterations","2"]}
// An exception in a timer's callback ends the iteration; timers that are left do not fire.
export default function () {
  setTimeout(() => {
    throw new Error('in a timer');
  }, 5);
  setTimeout(() => console.log('never seen'), 100);
  console.log('begun');
}
