// Recursion, mutual and deep, through calls that wait.
import http from 'k6/http';
import { sleep } from 'k6';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function countdown(n) {
  if (n === 0) return [];
  sleep(0);
  return [n, ...countdown(n - 1)];
}

const isEven = (n) => (n === 0 ? true : isOdd(n - 1));
const isOdd = (n) => {
  sleep(0);
  return n === 0 ? false : isEven(n - 1);
};

const walk = (tree) => ({
  status: status(tree.code),
  children: (tree.children ?? []).map(walk),
});

const factorial = function self(n) {
  return n <= 1n ? 1n : n * self(n - (sleep(0), 1n));
};

function sumTo(n) {
  return n === 0 ? 0 : n + sumTo(n - 1 + (n % 50 === 0 ? status(200) - 200 : 0));
}

export default function () {
  console.log(countdown(5));
  console.log(isEven(10), isOdd(7), isEven(3));
  console.log(JSON.stringify(walk({ code: 200, children: [{ code: 201, children: [{ code: 404 }] }, { code: 204 }] })));
  console.log(factorial(20n).toString());
  console.log(sumTo(300));
}
