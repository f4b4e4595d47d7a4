// Codes and reasons; closing twice, early, and after the end.
import { WebSocket } from 'k6/websockets';
function attempt(socket, ...args) {
  const name = JSON.stringify(args).slice(0, 20);
  try {
    socket.close(...args);
    console.log(name, socket.readyState);
  } catch (e) {
    console.log(name, 'threw', e.name, e.message, socket.readyState);
  }
}
const tries = [[], [1000], [null, null], [undefined, 'why'], ['3000', 5], [4999, 'é'], ['x']];
function next() {
  const args = tries.shift();
  if (args === undefined) return early();
  const socket = new WebSocket(`${__ENV.WS_URL}/ws-echo`);
  socket.onopen = () => {
    if (args.length === 0) for (const bad of [[1001], [999], [5000], [2999], [3000, 'x'.repeat(124)], [3000, 'é'.repeat(62)]]) attempt(socket, ...bad);
    attempt(socket, ...args);
    attempt(socket, 7);
    try {
      socket.send('late');
    } catch (e) {
      console.log(e.name, e.message);
    }
  };
  socket.onerror = (e) => console.log('error', e.error);
  socket.onclose = (e) => {
    console.log('close', e.code, JSON.stringify(e.reason));
    next();
  };
}
function early() {
  const socket = new WebSocket(`${__ENV.WS_URL}/ws-echo`);
  for (const type of ['open', 'error', 'close']) socket.addEventListener(type, (e) => console.log('early', type, e.error, e.code));
  attempt(socket, 3000, 'early');
}
export default function () {
  next();
}
