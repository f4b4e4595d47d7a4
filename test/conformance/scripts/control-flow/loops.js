// Every loop of the language with a blocking call inside, and every way out of it.
import http from 'k6/http';
import { sleep } from 'k6';

const base = __ENV.BASE_URL;
const status = (code) => http.get(`${base}/status/${code}`).status;

export default function () {
  const seen = [];
  for (let i = 0; i < 4; i++) {
    if (i === 1) continue;
    if (i === 3) break;
    seen.push(status(200 + i));
  }
  console.log('for', seen);

  let n = 0;
  while (status(200 + n) < 203) n++;
  console.log('while', n);

  do {
    n -= 1;
  } while (status(200 + n) > 201);
  console.log('do', n);

  for (const code of [200, 404, 500]) console.log('of', code, status(code));
  for (const key in { 201: 1, 202: 2 }) console.log('in', key, status(key));
  for (const [name, code] of Object.entries({ ok: 200, no: 404 })) console.log(name, status(code));
  for (const ch of new Set('aab')) {
    sleep(0.001);
    console.log('set', ch);
  }
  for (const [k, v] of new Map([['k', 204]])) console.log('map', k, status(v));

  outer: for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      if (status(200 + i * 3 + j) === 201) continue outer;
      if (i === 2) break outer;
      console.log('labelled', i, j);
    }
  }

  const closures = [];
  for (let i = 0; i < 3; i++) {
    sleep(0.001);
    closures.push(() => i);
  }
  console.log('fresh bindings', closures.map((f) => f()));

  for (let i = 0, code; (code = status(200 + i)) && i < 2; i++, sleep(0.001)) console.log('comma', i, code);

  block: {
    if (status(200) === 200) break block;
    console.log('never');
  }
}
