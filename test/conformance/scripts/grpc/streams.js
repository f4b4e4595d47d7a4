// conformance: {"with":["protos"],"ignore":["metrics.grpc_req_duration"]}
// Streams of all three kinds, one after the other.
import { Client, Stream } from 'k6/net/grpc';
import { sleep } from 'k6';
const client = new Client();
client.load(['protos'], 'feature.proto');
const F = 'lakh.test.v1.Feature/';
const cases = [
  ['count', 'Count', (s) => { s.write({}); s.end(); }],
  ['count without end', 'Count', (s) => s.write({})],
  ['count and fail', 'Count', (s) => { s.write({ code: 7, text: 'denied' }); s.end(); }],
  ['fail without text', 'Count', (s) => { s.write({ code: 7 }); s.end(); }],
  ['collect', 'Collect', (s) => { s.write({ name: 'a' }); s.write({ name: 'b' }); s.end(); }],
  ['chat', 'Chat', (s) => { s.write({ name: 'a' }); s.write({ name: 'b' }); setTimeout(() => s.end(), 50); }],
  ['bye', 'Chat', (s) => s.write({ name: 'bye' })],
  ['unary', 'Say', (s) => { s.write({ name: 'q' }); s.end(); }],
  ['timeout', 'Chat', (s) => s.write({ name: 'a' }), { timeout: '500ms' }],
  ['discard', 'Count', (s) => { s.write({}); s.end(); }, { discardResponseMessage: true }],
  ['close', 'Chat', (s) => { s.write({ name: 'a' }); s.on('data', () => setTimeout(() => client.close(), 1)); }],
];
// Without it k6 now and then takes a stream's last message for the end of everything.
let alive;
function next() {
  const item = cases.shift();
  if (item === undefined) {
    clearInterval(alive);
    return;
  }
  const [name, method, run, params] = item;
  const stream = new Stream(client, F + method, params);
  if (name === 'count') console.log(Object.keys(stream).join(), String(stream), JSON.stringify(stream));
  const meta = (m) => `${Object.keys(m).join()} ${Math.abs(m.ts - Date.now() / 1000) < 10}`;
  stream.on('data', (data, m) => {
    console.log(name, 'data', data.text, data.count, meta(m));
    if (name === 'count') sleep(0.02);
  });
  stream.on('error', (e, m) => console.log(name, 'error', Object.keys(e).join(), typeof e.code, String(e.code), JSON.stringify(e.details), e.message.replace(/^D/, 'context d'), String(e).replace('Dead', 'context dead'), meta(m)));
  stream.on('end', (e, m) => {
    console.log(name, 'end', JSON.stringify(e), meta(m));
    next();
  });
  run(stream);
}
export default function () {
  alive = setInterval(() => {}, 1000);
  client.connect(__ENV.GRPC_ADDR, { plaintext: true });
  next();
  console.log('default ends');
}
