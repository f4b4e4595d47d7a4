// conformance: {"args":["--config","lib/config.json","--max-redirects","4","--throw=false"],"env":{"K6_RPS":"1000","K6_MAX_REDIRECTS":"3","K6_TAGS":"from:env"},"with":["lib"]}
// defaults < file < script < environment < flags
import exec from 'k6/execution';
export const options = { rps: 5000, batch: 9, throw: true, tags: { from: 'script' } };
export default function () {
  const { rps, batch, batchPerHost, maxRedirects, userAgent, tags, throw: throws, vus, iterations } = exec.test.options;
  console.log(JSON.stringify({ rps, batch, batchPerHost, maxRedirects, userAgent, tags, throws, vus, iterations }));
}
