// The functions of the socket: what they take, what they refuse, what happens after close.
import ws from 'k6/ws';
function attempt(name, action) {
  try {
    console.log(name, String(action()));
  } catch (e) {
    console.log(name, 'threw', e.name, e.message);
  }
}
export default function () {
  ws.connect(`${__ENV.WS_URL}/ws-echo`, (socket) => {
    for (const v of [undefined, null, 1, true, { a: 1 }, [1], 'text', 'é']) socket.send(v);
    attempt('nothing', () => socket.sendBinary());
    for (const v of [undefined, null, 1, 'x', {}, [], new Uint8Array([1])]) attempt(String(v), () => socket.sendBinary(v));
    socket.sendBinary(new Uint8Array([7, 8]).buffer);
    socket.on('message', (m) => console.log('message', typeof m, JSON.stringify(m)));
    socket.on('binaryMessage', (m) => {
      console.log('binary', m instanceof ArrayBuffer, new Uint8Array(m));
      socket.close(3000);
    });
    socket.on('close', (c) => console.log('close', c));
    socket.on('nothing of the kind', () => {});
    socket.on('open', 5);
  });
  ws.connect(`${__ENV.WS_URL}/ws-echo`, (socket) => {
    for (const delay of [0, -1, undefined, 'x', null]) {
      attempt(`timeout ${delay}`, () => socket.setTimeout(() => {}, delay));
      attempt(`interval ${delay}`, () => socket.setInterval(() => {}, delay));
    }
    let ticks = 0;
    socket.setInterval(() => {
      ticks++;
      if (ticks === 3) socket.setTimeout(() => socket.close(), '5');
    }, 10);
    socket.on('close', (c) => console.log('close', c, ticks >= 3));
  });
  for (const codes of [[], [5], ['x'], [undefined], [1000.7], [4999]]) {
    ws.connect(`${__ENV.WS_URL}/ws-echo`, (socket) => {
      socket.on('close', (c) => console.log(JSON.stringify(codes), 'close', c));
      socket.on('error', (e) => console.log(JSON.stringify(codes), 'error', e.error()));
      socket.on('open', () => {
        socket.close(...codes);
        socket.close(1000);
        socket.send('late');
        socket.ping();
      });
    });
  }
  ws.connect(`${__ENV.WS_URL}/ws-echo`, (socket) => {
    socket.on('open', () => console.log('open comes after a close in the callback'));
    socket.close();
  });
}
