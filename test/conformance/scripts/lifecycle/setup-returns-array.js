// setup() that returns array.
export function setup() {
  return [1, 'two'];
}
export default function (data) {
  console.log(typeof data, JSON.stringify(data), arguments.length);
}
export function teardown(data) {
  console.log('teardown', typeof data, JSON.stringify(data), arguments.length);
}
