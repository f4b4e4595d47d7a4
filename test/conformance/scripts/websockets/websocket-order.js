// Listeners run one after the other; a blocked one delays all code of the VU; sockets keep the iteration alive.
import { WebSocket } from 'k6/websockets';
import http from 'k6/http';
import { sleep } from 'k6';
export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/ws-push`);
  socket.addEventListener('message', (e) => console.log('listener', e.data));
  socket.onmessage = (e) => {
    console.log('handler', e.data);
    sleep(0.02);
    console.log('handler ends', e.data);
  };
  socket.addEventListener('message', (e) => console.log('second listener', e.data));
  socket.onopen = () => {
    console.log('open');
    sleep(0.05);
    console.log('status', http.get(`${__ENV.BASE_URL}/get`).status > 0);
  };
  socket.onclose = () => {
    console.log('close');
    const replaced = new WebSocket(`${__ENV.WS_URL}/ws-push`);
    replaced.onclose = () => console.log('never called');
    replaced.onclose = () => console.log('replaced');
    const twice = () => console.log('twice');
    replaced.addEventListener('close', twice);
    replaced.addEventListener('close', twice);
  };
  sleep(0.05);
  console.log('default ends');
}
