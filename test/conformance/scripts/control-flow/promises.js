// Promises: order of their callbacks, combinators, rejections nobody handles.
import http from 'k6/http';
import { sleep } from 'k6';

const url = (code) => `${__ENV.BASE_URL}/status/${code}`;

export default function () {
  console.log('1');
  Promise.resolve()
    .then(() => console.log('4 first callback'))
    .then(() => {
      sleep(0.001);
      console.log('6 second callback, after a wait');
      return http.get(url(201)).status;
    })
    .then((status) => console.log('7', status))
    .finally(() => console.log('8 finally'));
  Promise.resolve().then(() => console.log('5 other promise'));
  console.log('2');
  sleep(0.01);
  console.log('3: callbacks wait for the end of the function, not for sleep');

  http.asyncRequest('GET', url(404)).then((response) => {
    console.log('async', response.status, http.get(url(200)).status);
  });
  Promise.allSettled([Promise.reject(new Error('no')), 1, Promise.resolve({ status: 204 })]).then((results) => {
    console.log('settled', results.map((r) => `${r.status} ${r.reason?.message ?? r.value?.status ?? r.value}`));
  });
  Promise.any([Promise.reject(1), Promise.resolve(2)]).then((value) => console.log('any', value));
  Promise.race([new Promise(() => {}), Promise.resolve('race')]).then(console.log);
  Promise.any([Promise.reject(1)]).catch((error) => console.log(error.name, error.errors));
  new Promise((resolve, reject) => {
    sleep(0.001);
    reject(new Error('from the executor'));
  }).catch((error) => console.log(error.message));
}
