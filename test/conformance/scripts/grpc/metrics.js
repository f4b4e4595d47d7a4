// conformance: {"with":["protos"]}
// Samples and their tags.
import { Client, Stream } from 'k6/net/grpc';
import { group } from 'k6';
import exec from 'k6/execution';
const client = new Client();
client.load(['protos'], 'feature.proto');
const F = 'lakh.test.v1.Feature/';
export const options = { thresholds: { grpc_streams: ['count==1'], grpc_streams_msgs_sent: ['count==2'], grpc_streams_msgs_received: ['count==2'], 'grpc_req_duration{method:Say}': ['max>0'] } };
export default function () {
  client.connect(__ENV.GRPC_ADDR, { plaintext: true });
  group('g', () => {
    client.invoke(`${F}Say`, {}, { tags: { a: '1', name: 'N', status: 'x' } });
    const stream = new Stream(client, `${F}Chat`, { tags: { b: '2' } });
    stream.write({ name: 'x' });
    stream.write({ name: 'y' });
    setTimeout(() => stream.end(), 30);
  });
  exec.vu.tags.later = 'yes';
  client.invoke(`${F}Fail`, { code: 5 });
  client.healthCheck('up');
  try {
    client.healthCheck('nope');
  } catch (e) {
    console.log(e.message);
  }
  try {
    client.invoke(`${F}Say`, { nope: 1 });
  } catch (e) {
    console.log(e.message);
  }
}
