// exec.vu.metrics.metadata: values that are no index.
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export default function () {
  exec.vu.metrics.metadata.trace = 'abc';
  counter.add(1);
  http.get(`${__ENV.BASE_URL}/status/200`);
  console.log(exec.vu.metrics.metadata.trace, JSON.stringify(Object.entries(exec.vu.metrics.metadata).sort()));
  for (const bad of [{}, null, undefined, 5, true]) {
    try {
      exec.vu.metrics.metadata.trace = bad;
      console.log('accepted', exec.vu.metrics.metadata.trace);
    } catch (error) {
      console.log(error.name, error.message);
    }
  }
  delete exec.vu.metrics.metadata.trace;
  counter.add(1);
}
