// conformance: {"with":["protos"]}
// The JSON mapping of protobuf: what goes in, what comes out, what is refused.
import grpc from 'k6/net/grpc';
import encoding from 'k6/encoding';
const client = new grpc.Client();
client.load(['protos'], 'feature.proto');
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const out = {};
  for (const key of Object.keys(value).sort()) out[key] = sorted(value[key]);
  return out;
}
const call = (request) => client.invoke('lakh.test.v1.Feature/Echo', request).message;
const snake = { a_double: 1.5, a_float: 0.1, an_int32: -5, an_int64: '9223372036854775807', a_uint32: 4294967295, a_uint64: '18446744073709551615', a_sint32: -1, a_sint64: -2, a_fixed32: 1, a_fixed64: '2', a_sfixed32: -3, a_sfixed64: '-4', a_bool: true, a_string: 'é\u0000', some_bytes: encoding.b64encode('abc?>'), text_choice: '', maybe_number: 0, by_bool: { true: 1 }, by_number: { 5: { id: 'q' } } };
const full = { ...snake, color: 'RED', inner: { id: 'i', big: 5 }, numbers: [1, 2], inners: [{ id: 'a' }, {}], colors: ['GREEN', 0, 7], labels: { b: '1', a: '2' }, maybe: '', at: '2024-01-02T03:04:05.678Z', lasting: '1.5s', structure: { a: 1, b: [true, null, 'x'], c: {} }, value: 'v', list: [1, '2'], any: { '@type': 'type.googleapis.com/lakh.test.v1.Inner', id: 'in', big: '7' }, mask: 'aB,c.dE', wrapped_string: '', wrapped_int64: '5', wrapped_bool: false, wrapped_bytes: 'AQI=', wrapped_double: 2.5, wrapped_uint32: 7, otherName: 'r', name: { first: 'f' }, empty: {} };
const singles = [{ aDouble: 'NaN' }, { aDouble: NaN }, { aDouble: Infinity }, { aDouble: '1.5' }, { aFloat: 3.4e38 }, { aFloat: 1e39 }, { anInt32: 1.5 }, { anInt32: '12' }, { anInt32: 'x' }, { anInt32: 2147483648 }, { anInt32: 1e3 }, { anInt64: 12 }, { anInt64: '-9223372036854775808' }, { anInt64: '9223372036854775808' }, { aUint64: -1 }, { aBool: 'true' }, { aBool: 1 }, { aString: 5 }, { someBytes: '_-8' }, { someBytes: '!!' }, { someBytes: new ArrayBuffer(2) }, { color: 1 }, { color: 'NOPE' }, { color: 9 }, { inner: null }, { inner: 5 }, { numbers: null }, { numbers: 5 }, { numbers: ['1'] }, { numbers: [1, 'x'] }, { labels: { a: 5 } }, { labels: [] }, { byNumber: { x: {} } }, { textChoice: 'a', numberChoice: 1 }, { innerChoice: {} }, { maybe: null }, { at: 'nope' }, { at: 5 }, { at: '2024-01-02T03:04:05Z' }, { at: '2024-01-02T03:04:05.123456789+02:00' }, { at: new Date(0) }, { lasting: '1' }, { lasting: '-0.000000001s' }, { lasting: '3s' }, { structure: {} }, { structure: 5 }, { value: null }, { value: { a: [] } }, { value: 1.5 }, { list: [] }, { any: {} }, { any: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '2s' } }, { any: { '@type': 'nope' } }, { mask: '' }, { wrappedString: null }, { wrappedInt64: 5 }, { renamed: 'x' }, { other_name: 'x' }, { unknown: 1 }, { self: { self: { name: { first: 1 } } } }, { inners: [{}, { id: 'é', big: 'é' }] }, { aString: undefined }, { aString: () => 1 }, 5, 'x', []];
export default function () {
  client.connect(__ENV.GRPC_ADDR, { plaintext: true });
  console.log(JSON.stringify(sorted(call({}))));
  console.log(JSON.stringify(sorted(call(full))));
  for (const request of singles) {
    try {
      const message = call(request);
      const keys = Object.keys(request);
      console.log(JSON.stringify(request), '->', JSON.stringify(keys.map((key) => (message[key] === undefined ? 'left out' : sorted(message[key])))));
    } catch (e) {
      console.log(JSON.stringify(request), 'threw', e.name, e.message);
    }
  }
  client.close();
}
