// Promise callbacks that become due while the VU waits, beside those of a promise made later.
import { sleep } from 'k6';

export default function () {
  Promise.resolve()
    .then(() => console.log('first chain, first callback'))
    .then(() => {
      sleep(0.001);
      console.log('first chain, second callback');
    });
  Promise.resolve().then(() => console.log('third chain'));
  sleep(0.005);
  new Promise((resolve, reject) => {
    sleep(0.001);
    reject(new Error('second chain'));
  }).catch((error) => console.log(error.message));
}
