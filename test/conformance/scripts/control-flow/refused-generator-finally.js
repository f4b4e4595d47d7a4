// conformance: {"ignore":["metrics"]}
// A generator whose finally waits, left early by its loop.
import { sleep } from 'k6';

function* numbers() {
  try {
    for (let n = 1; n < 10; n++) {
      sleep(0.001);
      yield n;
    }
  } finally {
    sleep(0.001);
    console.log('ended');
  }
}

export default function () {
  for (const n of numbers()) if (n === 2) break;
  console.log('after');
}
