// conformance: {"with":["protos"]}
// Metadata both ways, binary included; sizes.
import grpc from 'k6/net/grpc';
const client = new grpc.Client();
client.load(['protos'], 'feature.proto');
export default function () {
  client.connect(__ENV.GRPC_ADDR, { plaintext: true, maxReceiveSize: 200, maxSendSize: 60 });
  const metadata = { 'x-a': 'b', 'X-Up': 'C', 'x-b-bin': new Uint8Array([104, 105]) };
  const r = client.invoke('lakh.test.v1.Feature/Meta', {}, { metadata });
  console.log(r.message.text);
  for (const key of Object.keys(r.headers).sort()) if (key !== 'date') console.log(key, JSON.stringify(r.headers[key]));
  console.log(JSON.stringify(r.trailers['trailer-one']), JSON.stringify(r.trailers['trailer-bin']));
  const large = client.invoke('lakh.test.v1.Feature/Say', { name: 'x'.repeat(70) });
  console.log(large.status, large.error.message, large.message.count);
  client.close();
  client.connect(__ENV.GRPC_ADDR, { plaintext: true, maxReceiveSize: 20 });
  const reply = client.invoke('lakh.test.v1.Feature/Say', { name: 'x'.repeat(30) });
  console.log(reply.status, reply.error.message, reply.message.count);
}
