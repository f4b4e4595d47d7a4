import { sleep } from 'k6';
export const options = { setupTimeout: '1s' };
export function setup() {
  sleep(20);
}
export default function () {
  console.log('iteration');
}
export function teardown() {
  console.log('teardown');
}
