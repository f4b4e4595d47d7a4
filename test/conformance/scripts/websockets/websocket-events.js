// Each event with its fields; one socket after the other.
import { WebSocket } from 'k6/websockets';
const paths = ['ws-push', 'ws-close/1000/x', 'ws-close/1001/bye', 'ws-close/3005/abc', 'ws-no-code', 'ws-drop', 'ws-bad-frame', 'ws-ping', 'ws-pong', 'ws-401', 'ws-redirect', 'ws-bad-accept', 'ws-garbage'];
function next() {
  const path = paths.shift();
  if (path === undefined) return;
  const socket = new WebSocket(`${__ENV.WS_URL}/${path}`);
  for (const type of ['open', 'message', 'error', 'close', 'ping', 'pong']) {
    socket.addEventListener(type, (e) => {
      const { target, timestamp, ...rest } = e;
      console.log(path, Object.keys(e).join(), target === socket, typeof timestamp, Math.abs(timestamp - Date.now()) < 10000, JSON.stringify(rest).replace(__ENV.WS_URL, ''));
    });
  }
  socket.onopen = () => {
    if (path.startsWith('ws-close') || path === 'ws-drop' || path === 'ws-ping') socket.send('go');
  };
  socket.onping = () => socket.close();
  socket.onpong = () => socket.close(3001, 'mine');
  socket.onclose = () => next();
}
export default function () {
  next();
}
