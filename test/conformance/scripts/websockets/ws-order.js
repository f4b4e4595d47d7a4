// Handlers block, one after the other, in the order of what happened; connect() blocks meanwhile.
import ws from 'k6/ws';
import http from 'k6/http';
import { sleep, check, group } from 'k6';
export default function () {
  setTimeout(() => console.log('a timer waits for connect'), 1);
  const r = group('socket', () =>
    ws.connect(`${__ENV.WS_URL}/ws-echo`, null, (socket) => {
      console.log(typeof socket, Object.keys(socket).join());
      socket.on('open', () => console.log('open 1'));
      socket.on('open', () => {
        socket.send('a');
        socket.send('b');
        check(http.get(`${__ENV.BASE_URL}/get`), { 'request inside': (x) => x.status > 0 });
        sleep(0.05);
        console.log('open 2 ends');
      });
      socket.on('message', (m) => {
        console.log('first', m);
        sleep(0.02);
        console.log('first ends', m);
      });
      socket.on('message', (m) => {
        console.log('second', m);
        if (m === 'b') socket.close();
      });
      socket.on('close', (code) => {
        console.log('close', code);
        sleep(0.01);
        console.log('close ends');
      });
      console.log('callback ends');
      return 5;
    }));
  check(r, { 'is 101': (x) => x.status === 101 });
  console.log('returned', r.status, r.error === '');
}
