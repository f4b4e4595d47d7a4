// conformance: {"args":["--iterations","5"]}
// A listener that throws ends its socket and the iteration, with all other sockets of it.
import { WebSocket } from 'k6/websockets';
import exec from 'k6/execution';
let n = 0;
const boom = () => {
  throw new Error(`boom ${n}`);
};
function open(path, name) {
  const socket = new WebSocket(`${__ENV.WS_URL}/${path}`);
  socket.onopen = () => console.log(name, 'open');
  socket.onerror = (e) => console.log(name, 'error', String(e.error).replace(/ at file.*/, ''));
  socket.onclose = (e) => console.log(name, 'close', e.code);
  return socket;
}
export default function () {
  n = exec.vu.iterationInScenario;
  console.log('iteration', n);
  if (n === 0) open('ws-push', 'message').onmessage = boom;
  if (n === 1) open('ws-push', 'close').onclose = boom;
  if (n === 2) {
    const socket = open('ws-401', 'error');
    socket.onerror = boom;
  }
  if (n === 3) {
    const socket = open('ws-echo', 'timer');
    socket.onopen = () => setTimeout(boom, 10);
  }
  if (n === 4) {
    open('ws-push', 'async').onmessage = async (m) => console.log(m.data);
  }
}
