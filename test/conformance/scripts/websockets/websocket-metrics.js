// Samples and their tags; handshake of params and subprotocols.
import { WebSocket } from 'k6/websockets';
import { group } from 'k6';
import exec from 'k6/execution';
export const options = { thresholds: { ws_msgs_sent: ['count==5'], ws_sessions: ['count==4'], ws_msgs_received: ['count==1'] } };
export default function () {
  group('g', () => {
    const socket = new WebSocket(`${__ENV.WS_URL}/ws-echo?x=2`, null, { tags: { mine: '2', status: 'x' } });
    let heard = 0;
    socket.onopen = () => {
      socket.ping();
      socket.send('abc');
    };
    socket.onmessage = socket.onpong = () => {
      if (++heard === 2) socket.close();
    };
    const named = new WebSocket(`${__ENV.WS_URL}/ws-echo`, ['a', 'b'], { tags: { name: 'N', url: 'U' } });
    named.onopen = () => {
      exec.vu.tags.later = 'no';
      named.close();
    };
  });
  new WebSocket('ws://127.0.0.1:1/').onerror = (e) => console.log(e.error);
  new WebSocket(`${__ENV.WS_URL}/ws-401`).onclose = () => {};
}
