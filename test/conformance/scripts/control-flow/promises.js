// Promises: order of their callbacks, combinators, rejections nobody handles.
import http from 'k6/http';

const url = (code) => `${__ENV.BASE_URL}/status/${code}`;

export default function () {
  console.log('1');
  Promise.resolve()
    .then(() => console.log('4 first callback'))
    .then(() => {
      console.log('6 second callback');
      return 201;
    })
    .then((status) => console.log('7', status))
    .finally(() => console.log('8 finally'));
  Promise.resolve().then(() => console.log('5 other promise'));
  console.log('2');
  console.log('3: callbacks wait for the end of the function');
  Promise.allSettled([Promise.reject(new Error('no')), 1, Promise.resolve({ status: 204 })]).then((results) => {
    console.log('settled', results.map((r) => `${r.status} ${r.reason?.message ?? r.value?.status ?? r.value}`));
  });
  Promise.any([Promise.reject(1), Promise.resolve(2)]).then((value) => console.log('any', value));
  Promise.race([new Promise(() => {}), Promise.resolve('race')]).then(console.log);
  Promise.any([Promise.reject(1)]).catch((error) => console.log(error.name, error.errors));
}
