// conformance: {"with":["protos"]}
// What the constructor of Stream and its functions refuse.
import grpc, { Client, Stream } from 'k6/net/grpc';
const client = new Client();
client.load(['protos'], 'feature.proto');
const F = 'lakh.test.v1.Feature/';
function attempt(name, action) {
  try {
    console.log(name, String(action()));
  } catch (e) {
    console.log(name, 'threw', e.name, e.message);
  }
}
export default function () {
  attempt('unconnected', () => new Stream(client, `${F}Chat`));
  client.connect(__ENV.GRPC_ADDR, { plaintext: true });
  attempt('none', () => new Stream());
  attempt('object', () => new Stream({}));
  attempt('method', () => new Stream(client, 'Nope/X'));
  attempt('params', () => new Stream(client, `${F}Chat`, { foo: 1 }));
  attempt('metadata', () => new Stream(client, `${F}Chat`, { metadata: { a: 5 } }));
  attempt('tags', () => new Stream(client, `${F}Chat`, { tags: { a: [] } }));
  const stream = new Stream(client, `${F}Chat`);
  attempt('on nope', () => stream.on('nope', () => 1));
  attempt('on 5', () => stream.on('data', 5));
  attempt('on none', () => stream.on('data'));
  attempt('on nothing', () => stream.on());
  attempt('write none', () => stream.write());
  attempt('write null', () => stream.write(null));
  stream.on('data', (d) => console.log(d.text));
  stream.on('error', (e) => console.log('error', e.code == grpc.StatusUnknown, e.message));
  stream.on('end', () => console.log('end'));
  stream.write({ name: 'a' });
  setTimeout(() => {
    stream.end();
    attempt('write late', () => stream.write({ name: 'late' }));
    attempt('end twice', () => stream.end());
  }, 50);
}
