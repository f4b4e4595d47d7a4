// A promise that setup() rejects: what blocks goes on, then it ends.
import { sleep } from 'k6';
export function setup() {
  Promise.reject(new Error('nobody cares'));
  sleep(0.05);
  console.log('after sleep');
  setTimeout(() => console.log('never'), 200);
}
export default function () {
  console.log('iteration');
}
