// try, catch and finally around calls that wait: which of them runs, in which order, and whose value wins.
import http from 'k6/http';
import { fail, sleep } from 'k6';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;
const order = [];

function returnsTwice() {
  try {
    return `try ${status(200)}`;
  } finally {
    order.push(`finally ${status(201)}`);
  }
}

function finallyWins() {
  try {
    throw new Error('lost');
  } finally {
    sleep(0.001);
    return `finally ${status(202)}`;
  }
}

function rethrows() {
  try {
    try {
      status(200);
      throw new TypeError('inner');
    } catch (error) {
      order.push(`caught ${error.name} after ${status(203)}`);
      throw new RangeError('outer', { cause: error });
    } finally {
      order.push('inner finally');
      sleep(0.001);
    }
  } catch ({ name, message, cause }) {
    return `${name}: ${message} because of ${cause.name}: ${cause.message}`;
  }
}

function loopWithFinally() {
  const seen = [];
  for (let i = 0; i < 4; i++) {
    try {
      if (i === 1) continue;
      if (i === 3) break;
      seen.push(`body ${i} ${status(200 + i)}`);
    } finally {
      seen.push(`finally ${i}`);
      sleep(0.001);
    }
  }
  return seen;
}

function nestedReturn() {
  outer: for (;;) {
    try {
      try {
        return 'inner return';
      } finally {
        status(200);
        break outer;
      }
    } finally {
      order.push('outer finally');
    }
  }
  return 'after break';
}

function catchWithoutBinding() {
  try {
    null.property;
  } catch {
    return status(204);
  }
}

export default function () {
  console.log(returnsTwice());
  console.log(finallyWins());
  console.log(rethrows());
  console.log(loopWithFinally());
  console.log(nestedReturn());
  console.log(catchWithoutBinding());
  console.log(order);
  try {
    http.get('http://', { timeout: 'nonsense' });
  } catch (error) {
    console.log('bad parameter', error instanceof Error, error.name, typeof error.message);
  }
  try {
    fail('on purpose');
  } catch (error) {
    console.log(String(error), typeof error, error instanceof Error);
  }
  try {
    try {
      status(200);
      throw 1;
    } finally {
      throw 2;
    }
  } catch (error) {
    console.log('thrown from finally', error);
  }
}
