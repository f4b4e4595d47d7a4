// setup() that returns text.
export function setup() {
  return 'just text';
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data), arguments.length);
}
export function teardown(data) {
  console.log('teardown', typeof data, JSON.stringify(data), arguments.length);
}
