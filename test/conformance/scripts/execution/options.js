// conformance: {"args":["--tag","cli=yes"],"env":{"K6_BATCH":"7"},"ignore":["metrics"]}
// exec.test.options: the options as they are after all layers.
import exec from 'k6/execution';
export const options = {
  scenarios: { s: { executor: 'constant-arrival-rate', rate: 2, timeUnit: '1s', duration: '1s', preAllocatedVUs: 1, maxVUs: 1, env: { E: 'e' }, tags: { t: 't' } } },
  thresholds: { iterations: ['count>0', { threshold: 'count>1', abortOnFail: true, delayAbortEval: '1m' }] },
  setupTimeout: '90s',
  noCookiesReset: true,
  summaryTrendStats: ['avg'],
  hosts: { 'a.test': '127.0.0.1:80' },
  blockHostnames: ['*.b.test'],
  dns: { ttl: '1m' },
  tlsVersion: { min: 'tls1.2', max: 'tls1.3' },
  maxRedirects: 3,
  minIterationDuration: '10ms',
};
let shown = false;
export default function () {
  if (shown) return;
  shown = true;
  const all = exec.test.options;
  for (const key of Object.keys(all).sort()) console.log(key, JSON.stringify(all[key]));
  console.log('exported', JSON.stringify(options.setupTimeout), JSON.stringify(options.batch));
  try {
    all.batch = 1;
    console.log('written', all.batch, exec.test.options.batch);
  } catch (error) {
    console.log(error.name, error.message);
  }
}
