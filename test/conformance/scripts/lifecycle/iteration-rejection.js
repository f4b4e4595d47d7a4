// conformance: {"args":["--iterations","2"]}
// A promise that an iteration rejects ends it once its code lets go.
import { sleep } from 'k6';
export default async function () {
  Promise.reject(new Error('nobody cares'));
  sleep(0.02);
  console.log('after sleep');
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log('never');
}
