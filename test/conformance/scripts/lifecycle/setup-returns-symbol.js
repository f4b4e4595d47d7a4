// conformance: {"timeLimitSeconds":60}
// setup() that returns what cannot be handed on: symbol.
export function setup() {
  return { s: Symbol('s') };
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data));
}
export function teardown() {
  console.log('teardown');
}
