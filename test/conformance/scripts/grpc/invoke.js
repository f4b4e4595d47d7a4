// conformance: {"with":["protos"],"ignore":["metrics.grpc_req_duration"]}
// Responses, errors, and what invoke refuses.
import grpc from 'k6/net/grpc';
const client = new grpc.Client();
client.load(['protos'], 'feature.proto');
const F = 'lakh.test.v1.Feature/';
function attempt(name, action) {
  try {
    console.log(name, JSON.stringify(action()));
  } catch (e) {
    console.log(name, 'threw', e.name, e.message);
  }
}
const sorted = (o) => Object.keys(o).sort().map((k) => [k, k === 'date' ? 'a date' : o[k]]);
function shown(r) {
  return [r.status, String(r.status), sorted(r.message), r.error && [r.error.code, r.error.message, r.error.details], sorted(r.headers), sorted(r.trailers)];
}
export default function () {
  client.connect(__ENV.GRPC_ADDR, { plaintext: true });
  const r = client.invoke(`${F}Say`, { name: 'x' });
  console.log(Object.keys(r).join(), typeof r.status, r.status === grpc.StatusOK, r.status === 0, r.status == 0, r.error);
  attempt('say', () => shown(client.invoke(`/${F}Say`, { name: 'é' })));
  attempt('nothing', () => shown(client.invoke(`${F}Nothing`, {})));
  attempt('fail', () => shown(client.invoke(`${F}Fail`, { code: 5, text: 'not here' })));
  attempt('fail 99', () => shown(client.invoke(`${F}Fail`, { code: 99, text: 'é%' })));
  attempt('cancel', () => shown(client.invoke(`${F}Fail`, { code: 1 })));
  attempt('details', () => Object.keys(client.invoke(`${F}Fail`, { code: 9, text: 'd', withDetails: true }).error));
  attempt('late', () => client.invoke(`${F}Wait`, { code: 3000 }, { timeout: '50ms' }).status);
  attempt('too late', () => client.invoke(`${F}Say`, {}, { timeout: -1 }).error.message);
  attempt('discard', () => client.invoke(`${F}Say`, {}, { discardResponseMessage: true }).message);
  for (const m of ['Count', 'Chat', 'Collect']) attempt(m, () => [client.invoke(F + m, {}).status, (client.invoke(F + m, {}).error || {}).message]);
  for (const m of [`${F}Nope`, 'Nope/Say', '', 'x', undefined]) attempt(`method ${m}`, () => client.invoke(m, {}));
  attempt('no request', () => client.invoke(`${F}Say`));
  attempt('null', () => client.invoke(`${F}Say`, null));
  for (const p of [{ foo: 1 }, { metadata: 5 }, { metadata: { a: 5 } }, { metadata: { 'a-bin': 'x' } }, { timeout: 'x' }, { timeout: {} }, { tags: { a: {} } }, 'x'])
    attempt(JSON.stringify(p), () => client.invoke(`${F}Say`, {}, p));
  for (const p of [null, 5, { tags: 5 }, { timeout: 0 }, { metadata: null }]) attempt(JSON.stringify(p), () => sorted(client.invoke(`${F}Say`, {}, p).message));
  client.close();
}
