// The old name of the module.
import { WebSocket, Blob } from 'k6/experimental/websockets';
import websockets from 'k6/experimental/websockets';
export default function () {
  console.log(Object.keys(websockets).sort().join());
  const socket = new WebSocket(`${__ENV.WS_URL}/ws-push`);
  socket.onclose = (e) => console.log(e.code, e.reason);
}
