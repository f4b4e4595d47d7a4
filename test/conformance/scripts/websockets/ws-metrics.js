// Samples and their tags, of connections that worked and others.
import ws from 'k6/ws';
import { group } from 'k6';
import exec from 'k6/execution';
export const options = { thresholds: { ws_sessions: ['count==6'], ws_msgs_sent: ['count==2'], ws_msgs_received: ['count==2'], 'ws_sessions{mine:1}': ['count==1'] } };
export default function () {
  group('g', () => {
    ws.connect(`${__ENV.WS_URL}/ws-echo?x=1`, { tags: { mine: 1, url: 'mine', status: 'mine' } }, (socket) => {
      let heard = 0;
      const count = () => {
        if (++heard === 3) socket.close();
      };
      socket.on('open', () => {
        socket.ping();
        socket.send('abc');
        socket.sendBinary(new ArrayBuffer(3));
      });
      socket.on('pong', count);
      socket.on('message', count);
      socket.on('binaryMessage', count);
    });
  });
  exec.vu.tags.later = 'yes';
  ws.connect(`${__ENV.WS_URL}/ws-echo`, { tags: { name: 'N' } }, (socket) => socket.close());
  ws.connect('ws://127.0.0.1:1/', () => {});
  ws.connect(`${__ENV.WS_URL}/ws-401`, () => {});
  ws.connect(`${__ENV.WS_URL}/ws-echo`, { headers: { 'Sec-WebSocket-Protocol': 'a' } }, (socket) => socket.close());
  ws.connect('ws://u:p@127.0.0.1/', () => {});
}
