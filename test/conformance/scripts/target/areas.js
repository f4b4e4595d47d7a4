// conformance: {"args":["--insecure-skip-tls-verify"]}
// The target itself, area by area: what each route gives is what the other scripts rest on.
import http from 'k6/http';
import ws from 'k6/ws';

const plain = __ENV.BASE_URL;
const tls = __ENV.TLS_URL;

export default function () {
  const short = (r) => `${r.status} ${r.proto} ${r.body}`;
  for (const path of ['/text', '/status/418', '/delay/5', '/headers?x-a=1&x-a=2', '/stream/2', '/nowhere', '/cookies']) {
    console.log(path, short(http.get(plain + path)));
  }
  console.log('bytes', http.get(`${plain}/bytes/5`, { responseType: 'binary' }).body.byteLength);
  console.log('echo', http.post(`${plain}/echo?q=1`, 'body').json('body'));
  console.log('set-cookie', http.get(`${plain}/set-cookie?c=a%3D1%3B+Path%3D%2F`).cookies.a[0].value);
  console.log('cookies', http.get(`${plain}/cookies`).body);
  console.log('redirect', http.get(`${plain}/redirect/2`).url);
  console.log('basic', http.get(`${plain.replace('//', '//u:p@')}/basic-auth/u/p`).status);
  console.log('digest', http.get(`${plain.replace('//', '//u:p@')}/digest-auth/u/p`, { auth: 'digest' }).status);
  for (const name of ['gzip', 'deflate', 'br']) console.log(name, http.get(`${plain}/compressed/${name}`).body);
  console.log('form', http.post(`${plain}/form`, { a: '1' }).body);
  console.log('multipart', http.post(`${plain}/multipart`, { f: http.file('content', 'f.txt', 'text/plain') }).body);
  console.log('drop', http.get(`${plain}/drop`).error);
  console.log('tls', short(http.get(`${tls}/text`)));
  for (const [url, name] of [[__ENV.WS_URL, 'ws'], [__ENV.WSS_URL, 'wss']]) {
    const response = ws.connect(`${url}/ws-echo`, null, (socket) => {
      socket.on('open', () => socket.send('hello'));
      socket.on('message', (text) => {
        console.log(name, text);
        socket.close();
      });
    });
    console.log(name, response.status);
  }
}
