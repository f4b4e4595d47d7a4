// What the constructor refuses; the shape of what it gives.
import { WebSocket, Blob } from 'k6/websockets';
function attempt(name, action) {
  try {
    console.log(name, String(action()));
  } catch (e) {
    console.log(name, 'threw', e.name, e.message, e instanceof Error);
  }
}
export default function () {
  const url = `${__ENV.WS_URL}/ws-echo`;
  attempt('none', () => new WebSocket());
  attempt('null', () => new WebSocket(null));
  for (const bad of [5, '', 'nope', 'http://x/', ':', 'ws://127.0.0.1:77 01/', 'ws://127.0.0.1/#x']) attempt(bad, () => new WebSocket(bad));
  attempt('unknown', () => new WebSocket(url, null, { foo: 1 }));
  attempt('string', () => new WebSocket(url, null, 'x'));
  attempt('tags', () => new WebSocket(url, null, { tags: { a: {} } }));
  attempt('compression', () => new WebSocket(url, null, { compression: 'gzip' }));
  attempt('no compression', () => new WebSocket(url, null, { compression: '' }));
  const socket = new WebSocket(`${__ENV.WS_URL}/ws-echo`, ['a', 'b']);
  console.log(Object.keys(socket).join(), typeof WebSocket, typeof Blob, socket instanceof WebSocket, String(socket));
  console.log(JSON.stringify(socket).replace(__ENV.WS_URL, ''));
  attempt('url', () => (socket.url = 'x'));
  attempt('readyState', () => (socket.readyState = 3));
  attempt('binaryType', () => (socket.binaryType = 'nope'));
  attempt('binaryType', () => (socket.binaryType = 5));
  attempt('binaryType', () => (socket.binaryType = 'arraybuffer'));
  attempt('onopen', () => (socket.onopen = 5));
  attempt('onopen', () => typeof socket.onopen);
  attempt('listener', () => socket.addEventListener('nope', () => {}));
  attempt('listener', () => socket.addEventListener('open', 5));
  attempt('listener', () => socket.addEventListener('open'));
  attempt('listener', () => socket.addEventListener());
  attempt('send', () => socket.send('early'));
  attempt('ping', () => socket.ping());
  console.log(socket.removeEventListener, WebSocket.OPEN, socket.OPEN);
  socket.onopen = () => {
    console.log(socket.readyState, socket.protocol, JSON.stringify(socket.extensions), socket.bufferedAmount, socket.binaryType);
    socket.close();
    console.log(socket.readyState);
  };
  socket.onclose = () => console.log(socket.readyState);
}
