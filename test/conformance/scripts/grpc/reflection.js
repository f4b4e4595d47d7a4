// Methods that the server describes.
import grpc from 'k6/net/grpc';
const client = new grpc.Client();
function attempt(name, action) {
  try {
    const message = action();
    console.log(name, JSON.stringify(Object.keys(message).sort().map((k) => [k, message[k]])));
  } catch (e) {
    console.log(name, 'threw', e.name, e.message);
  }
}
const mirror = (request) => client.invoke('lakh.plain.v1.Plain/Mirror', request).message;
export default function () {
  console.log(client.connect(__ENV.GRPC_ADDR, { plaintext: true, reflect: true, reflectMetadata: { 'x-r': '1' } }));
  attempt('health', () => client.invoke('grpc.health.v1.Health/Check', {}).message);
  attempt('empty', () => mirror({}));
  attempt('full', () => mirror({ itemName: 'x', size: 'LARGE', counts: { a: 1 }, partsById: { 5: { weight_grams: '7' } }, company: 0, isSold: false, marks: [1, 2, 300] }));
  attempt('parts', () => mirror({ parts: [{ weightGrams: 5 }] }));
  attempt('oneof', () => mirror({ person: '', company: 1 }));
  attempt('unknown', () => mirror({ nope: 1 }));
  attempt('other', () => client.invoke('lakh.test.v1.Feature/Say', {}).message);
}
