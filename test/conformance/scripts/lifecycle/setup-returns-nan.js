// conformance: {"timeLimitSeconds":60}
// setup() that returns what cannot be handed on: nan.
export function setup() {
  return { n: NaN };
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data));
}
export function teardown() {
  console.log('teardown');
}
