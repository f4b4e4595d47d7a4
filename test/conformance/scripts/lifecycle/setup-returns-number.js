// setup() that returns number.
export function setup() {
  return 42;
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data), arguments.length);
}
export function teardown(data) {
  console.log('teardown', typeof data, JSON.stringify(data), arguments.length);
}
