// The handshake: headers, cookies of the jar, subprotocol, compression; what comes back.
import ws from 'k6/ws';
import http from 'k6/http';
const hidden = ['sec-websocket-key', 'user-agent', 'host'];
function shown(text) {
  const headers = JSON.parse(text);
  return Object.keys(headers).sort().filter((k) => !hidden.includes(k)).map((k) => `${k}=${headers[k]}`).join('; ');
}
function run(name, params) {
  const r = ws.connect(`${__ENV.WS_URL}/ws-headers?${name}`, params, (socket) => {
    socket.on('message', (m) => {
      console.log(name, shown(m));
      socket.close();
    });
  });
  console.log(name, r.status, r.headers['Upgrade'], r.headers['Sec-Websocket-Protocol'], r.headers['Sec-Websocket-Extensions']);
}
export default function () {
  run('plain');
  run('null', null);
  run('headers', { headers: { 'x-a': 'b', 'X-N': 5, 'X-List': [1, 2], 'X-Null': null, Origin: 'http://o' } });
  run('protocol', { headers: { 'Sec-WebSocket-Protocol': 'a,b' } });
  http.cookieJar().set(__ENV.BASE_URL, 'mine', 'vu');
  run('jar');
  const jar = new http.CookieJar();
  jar.set(__ENV.BASE_URL, 'own', '1');
  run('own', { jar });
  run('cookie', { headers: { Cookie: 'z=1' } });
  run('compression', { compression: 'deflate' });
  run('uncompressed', { compression: ' ' });
  run('strange', 5);
  run('unknown', { foo: 1, jar: 5, tags: 7, headers: 'x' });
  ws.connect(`${__ENV.WS_URL}/ws-deflate`, { compression: 'deflate' }, (socket) => {
    socket.on('open', () => socket.send('hello '.repeat(200)));
    socket.on('message', (m) => {
      console.log(m.length);
      socket.close();
    });
  });
}
