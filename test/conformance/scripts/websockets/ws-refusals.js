// Servers that answer otherwise, and servers that do not answer.
import ws from 'k6/ws';
export default function () {
  for (const path of ['ws-401', 'ws-redirect', 'ws-bad-accept', 'ws-garbage', 'nowhere']) {
    const r = ws.connect(`${__ENV.WS_URL}/${path}`, () => console.log('called'));
    const headers = Object.keys(r.headers).sort().map((k) => `${k}=${r.headers[k]}`).join('; ');
    console.log(path, r.status, JSON.stringify(r.url), JSON.stringify(r.body), JSON.stringify(r.error), headers);
  }
  for (const name of ['Upgrade', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'Sec-WebSocket-Extensions', 'Connection']) {
    const r = ws.connect(`${__ENV.WS_URL}/ws-echo`, { headers: { [name]: 'x' } }, () => {});
    console.log(name, r.status, r.error);
  }
  console.log(ws.connect(`${__ENV.WSS_URL}/ws-echo`, () => {}).error);
  console.log(ws.connect(__ENV.WS_URL.replace('ws:', 'wss:'), () => {}).error);
}
