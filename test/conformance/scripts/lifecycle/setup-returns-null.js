// setup() that returns null.
export function setup() {
  return null;
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data), arguments.length);
}
export function teardown(data) {
  console.log('teardown', typeof data, JSON.stringify(data), arguments.length);
}
