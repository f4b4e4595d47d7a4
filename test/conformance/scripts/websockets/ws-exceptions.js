// A handler that throws ends the socket, and connect() throws what it threw.
import ws from 'k6/ws';
const boom = () => {
  throw new Error('boom');
};
function attempt(name, path, prepare) {
  try {
    const r = ws.connect(`${__ENV.WS_URL}/${path}`, (socket) => {
      socket.on('close', (code) => console.log(name, 'close', code));
      prepare(socket);
    });
    console.log(name, 'returned', r.status);
  } catch (e) {
    console.log(name, 'threw', e.name, e.message);
  }
}
export default function () {
  attempt('callback', 'ws-echo', boom);
  attempt('open', 'ws-echo', (s) => s.on('open', boom));
  attempt('message', 'ws-push', (s) => s.on('message', boom));
  attempt('timeout', 'ws-echo', (s) => s.setTimeout(boom, 5));
  attempt('interval', 'ws-echo', (s) => s.setInterval(boom, 5));
  attempt('error', 'ws-bad-frame', (s) => s.on('error', boom));
  attempt('close', 'ws-push', (s) => s.on('close', boom));
  attempt('none', 'ws-push', () => {});
}
