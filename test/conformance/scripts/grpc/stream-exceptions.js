// conformance: {"with":["protos"],"args":["--iterations","4"]}
// Handlers that throw, and functions that throw beside a stream.
import { Client, Stream } from 'k6/net/grpc';
import exec from 'k6/execution';
const client = new Client();
client.load(['protos'], 'feature.proto');
export default function () {
  const n = exec.vu.iterationInScenario;
  client.connect(__ENV.GRPC_ADDR, { plaintext: true });
  const stream = new Stream(client, `lakh.test.v1.Feature/${n === 3 ? 'Chat' : 'Count'}`);
  const boom = () => {
    throw new Error(`boom ${n}`);
  };
  if (n === 0) stream.on('error', boom);
  if (n === 1) stream.on('end', boom);
  if (n !== 0) stream.on('error', (e) => console.log(n, 'error', e.message));
  if (n === 2) stream.write({ code: 3, text: 'nobody but us' });
  if (n === 0) stream.write({ code: 7, text: 'x' });
  if (n === 1) stream.write({});
  stream.on('end', () => console.log(n, 'end'));
  if (n === 3) throw new Error('beside');
}
