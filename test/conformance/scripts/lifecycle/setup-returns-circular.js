// conformance: {"timeLimitSeconds":60}
// setup() that returns what cannot be handed on: circular.
export function setup() {
  return (() => { const o = {}; o.self = o; return o; })();
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data));
}
export function teardown() {
  console.log('teardown');
}
