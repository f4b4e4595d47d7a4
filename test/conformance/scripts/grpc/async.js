// conformance: {"with":["protos"]}
// asyncInvoke: promises, rejections that are no errors, the iteration that waits.
import { Client, StatusOK } from 'k6/net/grpc';
const client = new Client();
client.load(['protos'], 'feature.proto');
const F = 'lakh.test.v1.Feature/';
export default async function () {
  client.connect(__ENV.GRPC_ADDR, { plaintext: true });
  const promise = client.asyncInvoke(`${F}Say`, { name: 'x' });
  console.log(promise instanceof Promise);
  const r = await promise;
  console.log(r.message.text, r.status === StatusOK);
  const all = await Promise.all([1, 2, 3].map((i) => client.asyncInvoke(`${F}Say`, { name: String(i) })));
  console.log(all.map((each) => each.message.text).join());
  console.log((await client.asyncInvoke(`${F}Fail`, { code: 5, text: 't' })).error.message);
  for (const args of [['nope', {}], [`${F}Say`, { nope: 1 }], [`${F}Say`], ['', {}], [`${F}Say`, {}, { foo: 1 }]]) {
    try {
      await client.asyncInvoke(...args);
    } catch (e) {
      console.log(typeof e, String(e), e.name, e.message, e instanceof Error);
    }
  }
  client.asyncInvoke(`${F}Wait`, { code: 100 }).then((late) => console.log(late.message.text));
}
