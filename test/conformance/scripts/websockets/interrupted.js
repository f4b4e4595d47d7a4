// conformance: {"ignore":["metrics.data_sent","metrics.data_received"]}
// Iterations that are cut: no handler runs, nothing else is recorded, and the next scenario's VU is fine.
import { WebSocket } from 'k6/websockets';
import ws from 'k6/ws';
const cut = { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '1s', gracefulStop: '0s' };
export const options = {
  scenarios: {
    events: { ...cut, exec: 'events' },
    blocking: { ...cut, exec: 'blocking', startTime: '1200ms' },
    after: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'after', startTime: '2400ms' },
  },
};
export function events() {
  const socket = new WebSocket(`${__ENV.WS_URL}/ws-echo`);
  socket.onopen = () => console.log('open');
  socket.onclose = () => console.log('closed');
}
export function blocking() {
  ws.connect(`${__ENV.WS_URL}/ws-echo`, (socket) => {
    socket.on('open', () => console.log('open'));

  });

}
export function after() {
  ws.connect(`${__ENV.WS_URL}/ws-push`, (socket) => socket.on('close', (c) => console.log('after', c)));
}
