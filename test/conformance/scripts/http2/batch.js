// Many requests of one VU at once: batch in both shapes, asyncRequest, mixed protocols; results keep their places.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 2, batch: 20, batchPerHost: 20 };

const tls = __ENV.TLS_URL;

export default async function () {
  const start = Date.now();
  const list = http.batch(Array.from({ length: 20 }, (_, i) => `${tls}/delay/100?i=${i}`).map((url) => ({ method: 'GET', url, params: { tags: { name: 'delay' } } })));
  console.log(list.map((res) => `${res.status} ${res.proto} ${res.body}`).filter((text, i, all) => all.indexOf(text) === i).join('; '));
  console.log('side by side', Date.now() - start < 1500);
  console.log(list.map((res) => res.url.split('i=')[1]).join());
  const named = http.batch({
    first: ['POST', `${tls}/mirror`, 'one'],
    second: ['PUT', `${tls}/mirror`, { a: 1, b: 'two words' }],
    third: { method: 'GET', url: `${__ENV.BASE_URL}/text` },
    fourth: ['GET', `${tls}/status/404`],
  });
  for (const name of ['first', 'second', 'third', 'fourth']) {
    const res = named[name];
    console.log(name, res.status, res.proto, res.body, res.error_code);
  }
  const async = await Promise.all([1, 2, 3, 4].map((n) => http.asyncRequest('POST', `${tls}/mirror`, `async ${n}`)));
  console.log(async.map((res) => `${res.proto} ${res.body}`).join('; '));
}
