// conformance: {"args":["--iterations","3"]}
// Errors of k6 itself that nobody catches.
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import http from 'k6/http';
export default function () {
  if (exec.scenario.iterationInTest === 0) new Counter('late');
  if (exec.scenario.iterationInTest === 1) open('./x');
  if (exec.scenario.iterationInTest === 2) http.setResponseCallback('text');
}
