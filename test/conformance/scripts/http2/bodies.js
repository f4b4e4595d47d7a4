// Bodies both ways: every kind, empty ones, compressed ones, and such that need flow control.
import http from 'k6/http';
import crypto from 'k6/crypto';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 1 };

const tls = __ENV.TLS_URL;

export default function () {
  for (const body of ['text', 'ü€😀', { a: 1, b: ['x', 'y'] }, new Uint8Array([0, 255, 128, 10]).buffer, null]) {
    const res = http.post(`${tls}/echo`, body);
    const { headers, body: got, protocol } = res.json();
    console.log(protocol, JSON.stringify(got), headers['content-length'], headers['content-type']);
  }
  for (const method of ['put', 'patch', 'del', 'options']) {
    const { headers, method: got } = http[method](`${tls}/echo`, 'x').json();
    console.log(got, headers['content-length']);
  }
  const large = 'abcdefghij'.repeat(300000);
  const up = http.post(`${tls}/mirror`, large, { responseType: 'text' });
  console.log(up.status, up.proto, up.body.length, up.body === large);
  const down = http.get(`${tls}/bytes/3000000`, { responseType: 'binary' });
  console.log(down.status, down.body.byteLength, crypto.md5(down.body, 'hex'));
  console.log(http.get(`${tls}/bytes/100000`, { responseType: 'none' }).body);
  console.log(http.get(`${tls}/compressed/gzip`).body, http.get(`${tls}/compressed/br`).body);
  console.log(http.get(`${tls}/stream/5`).body.split('\n').length);
  const form = http.post(`${tls}/echo`, { file: http.file('content', 'name.txt', 'text/plain') });
  console.log(/multipart\/form-data; boundary=/.test(form.json('headers.content-type')), /content/.test(form.json('body')));
}
