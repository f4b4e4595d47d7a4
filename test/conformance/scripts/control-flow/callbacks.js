// Calls that wait inside the callbacks of the language's own functions.
import http from 'k6/http';
import { sleep } from 'k6';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;
const codes = [200, 201, 404];

export default function () {
  codes.forEach((code, index, all) => console.log('forEach', index, all.length, status(code)));
  console.log('map', codes.map((code) => status(code) + 1));
  console.log('filter', codes.filter((code) => status(code) < 400));
  console.log('some', codes.some((code) => status(code) === 201));
  console.log('every', codes.every((code) => status(code) === 200));
  console.log('find', codes.find((code) => status(code) > 200));
  console.log('findIndex', codes.findIndex((code) => status(code) > 201));
  console.log('findLast', codes.findLast((code) => status(code) < 300));
  console.log('reduce', codes.reduce((sum, code) => sum + status(code), 0));
  console.log('reduceRight', codes.reduceRight((text, code) => `${text} ${status(code)}`, ''));
  console.log('flatMap', codes.flatMap((code) => [code, status(code)]));
  console.log('Array.from', Array.from({ length: 3 }, (_, i) => status(200 + i)));
  new Map([['a', 200], ['b', 201]]).forEach((code, key, map) => console.log('Map', key, map.size, status(code)));
  new Set([200, 404]).forEach((code) => console.log('Set', status(code)));
  new Uint8Array([200, 201]).forEach((code) => console.log('Uint8Array', status(code)));
  [3].forEach(function (code) {
    sleep(0.001);
    console.log('this', this.factor * code);
  }, { factor: 2 });
  console.log('sparse', [, 200, , 201].map((code) => status(code)).length);
  try {
    codes.forEach((code) => {
      if (status(code) === 201) throw new Error(`at ${code}`);
    });
  } catch (error) {
    console.log('thrown through', error.message);
  }
  const nested = codes.map((code) => [1, 2].map((n) => status(code) * n));
  console.log('nested', JSON.stringify(nested));
}
