// The init code of a VU lasts until its event loop is idle: options and what exports use may come out of timers.
export const options = {};
const seen = [];
setTimeout(() => {
  options.vus = 2;
  options.iterations = 2;
  seen.push('first');
  setTimeout(() => seen.push('second'), 30);
}, 10);
Promise.resolve()
  .then(() => new Promise((resolve) => setTimeout(resolve, 20)))
  .then(() => seen.push('promise'));
const handled = Promise.reject(new Error('handled in time'));
Promise.resolve().then(() => handled.catch((error) => seen.push(error.message)));
export function setup() {
  console.log('setup', seen.join());
}
export default function () {
  console.log('iteration', seen.sort().join());
}
