// Timers: order, arguments, cancelling, and what they refuse.
import { sleep } from 'k6';
import timers from 'k6/timers';

export default function () {
  console.log(typeof setTimeout, typeof clearTimeout, typeof setInterval, typeof clearInterval);
  console.log(timers.setTimeout === setTimeout, Object.keys(timers).sort());
  // k6 starts each timer on its own: those that fall due together come in any order.
  const first = setTimeout(() => console.log('100 ms'), 100);
  setTimeout((...args) => console.log('50 ms', args), 50, 'a', 2);
  setTimeout(() => {
    console.log('zero');
    setTimeout(() => console.log('negative'), -5);
  }, 0);
  Promise.resolve().then(() => console.log('microtask'));
  const cancelled = setTimeout(() => console.log('never'), 15);
  clearTimeout(cancelled);
  clearTimeout(12345);
  console.log('ids', typeof first, first, cancelled);
  let ticks = 0;
  const interval = setInterval(() => {
    ticks++;
    console.log('tick', ticks);
    if (ticks < 3) return;
    clearInterval(interval);
    setTimeout(() => {
      sleep(0.01);
      console.log('waited inside a timer');
      setTimeout(() => console.log('timer of a timer'), 1);
    }, 1);
  }, 200);
  for (const bad of [undefined, 'text', 1, null]) {
    try {
      setTimeout(bad, 1);
      console.log('accepted', bad);
    } catch (error) {
      console.log(String(bad), error.name, error.message);
    }
  }
  console.log('function ends');
}
