// setup() that returns undefined.
export function setup() {
  return undefined;
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data), arguments.length);
}
export function teardown(data) {
  console.log('teardown', typeof data, JSON.stringify(data), arguments.length);
}
