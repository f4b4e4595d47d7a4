// conformance: {"timeLimitSeconds":60}
// setup() that returns what cannot be handed on: function.
export function setup() {
  return { f() {} };
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data));
}
export function teardown() {
  console.log('teardown');
}
