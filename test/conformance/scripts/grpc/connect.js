// conformance: {"with":["protos"]}
// Params of connect, and connections that cannot be made.
import grpc from 'k6/net/grpc';
const client = new grpc.Client();
client.load(['protos'], 'feature.proto');
function attempt(name, action) {
  try {
    console.log(name, JSON.stringify(action()));
  } catch (e) {
    console.log(name, 'threw', e.name, e.message);
  }
}
const say = () => client.invoke('lakh.test.v1.Feature/Say', { name: 'x' });
export default function () {
  attempt('before', say);
  attempt('close', () => client.close());
  const bad = [{ foo: 1 }, { plaintext: 'x' }, { timeout: 'x' }, { timeout: {} }, { reflect: 1 }, { reflectMetadata: 5 }, { reflectMetadata: { a: 5 } }, { maxReceiveSize: 'x' }, { maxReceiveSize: -1 }, { maxSendSize: -1 }, { tls: 5 }, { tls: { key: 5 } }, { authority: 5 }];
  for (const params of bad) attempt(JSON.stringify(params), () => client.connect(__ENV.GRPC_ADDR, { plaintext: true, timeout: '1s', ...params }));
  attempt('refused', () => client.connect('127.0.0.1:1', { plaintext: true, timeout: '1s' }));
  attempt('no port', () => client.connect('localhost', { plaintext: true, timeout: '1s' }));
  attempt('no address', () => client.connect(undefined, { plaintext: true, timeout: '1s' }));
  attempt('url', () => client.connect('http://127.0.0.1:1', { plaintext: true, timeout: '1s' }));
  attempt('no time', () => client.connect(__ENV.GRPC_ADDR, { plaintext: true, timeout: -1 }));
  attempt('tls', () => client.connect(__ENV.GRPC_ADDR, { timeout: '200ms' }));
  attempt('connect', () => client.connect(__ENV.GRPC_ADDR, { plaintext: true, authority: 'me.test' }));
  attempt('again', () => client.connect(__ENV.GRPC_ADDR, { plaintext: true }));
  attempt('dns', () => client.connect(`dns:///${__ENV.GRPC_ADDR}`, { plaintext: true }));
  attempt('say', () => say().message.text);
  attempt('close', () => client.close());
  attempt('close', () => client.close());
  attempt('after', say);
}
