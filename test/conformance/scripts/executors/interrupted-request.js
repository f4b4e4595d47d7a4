// A request that is under way when its iteration is interrupted.
import http from 'k6/http';
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export const options = { scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } };
export default function () {
  counter.add(1);
  http.get(`${__ENV.BASE_URL}/delay/10000`);
  counter.add(100);
}
