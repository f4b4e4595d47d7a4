// conformance: {"sorted":true}
// Trends that several VUs feed: few different values of many samples, and as many as there are samples.
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
const retries = new Trend('retries');
const serial = new Trend('serial');
const halves = new Trend('halves', true);
export const options = {
  scenarios: {
    a: { executor: 'shared-iterations', vus: 4, iterations: 60 },
    b: { executor: 'per-vu-iterations', vus: 3, iterations: 20 },
  },
  thresholds: {
    retries: ['p(95)<=3', 'p(95)>=3', 'p(95)==3', 'med==2', 'med<=2', 'med<2', 'p(25)==0.75', 'p(25)==1', 'min==0', 'max==3'],
    'retries{scenario:a}': ['p(90)==3', 'med==1.5', 'avg==1.5'],
    'retries{scenario:b}': ['p(90)==3', 'med==2', 'med==1.5'],
    serial: ['avg==29.5', 'med==29.5', 'p(90)==53.1', 'p(95)==56.05', 'p(99)==58.41', 'max==59'],
    halves: ['med==14.75', 'p(90)==26.55', 'p(95)==28.025', 'p(99.9)==29.4705'],
  },
};
export default function () {
  const { iterationInTest, name } = exec.scenario;
  if (name === 'a') {
    serial.add(iterationInTest);
    halves.add(iterationInTest / 2);
  }
  for (let k = 0; k < 20; k++) retries.add((iterationInTest + k) % 4);
}
