// conformance: {"command":"inspect"}
export const options = {
  paused: false, noSetup: true, setupTimeout: '5s', noTeardown: false, teardownTimeout: 1500, handleSummaryTimeout: '1m', rps: 5, maxRedirects: 3, userAgent: 'x<y>&z',
  batch: 2, batchPerHost: '3', httpDebug: 'full', insecureSkipTLSVerify: true, tlsVersion: { min: 'tls1.2', max: 'tls1.3' }, throw: true,
  thresholds: { http_reqs: ['count>1', { threshold: 'count>2' }, { threshold: 'count>3', abortOnFail: true }, { threshold: 'rate>0', delayAbortEval: '1m' }], checks: [{ threshold: 'rate>0', abortOnFail: true, delayAbortEval: '10s' }] },
  blacklistIPs: ['10.0.0.0/8'], blockHostnames: ['*.foo.com', 'a.b'], hosts: { 'b.com': '1.2.3.4:80', 'a.com': '1.2.3.4' }, noConnectionReuse: true, noVUConnectionReuse: false,
  minIterationDuration: '1.5s', ext: { x: 1, a: { b: 2 } }, cloud: { projectID: 5, name: 'z' }, summaryTrendStats: ['avg', 'p(99.9)'], summaryTimeUnit: 'ms', systemTags: ['url', 'iter', 'status'],
  tags: { b: '2', a: '1' }, metricSamplesBufferSize: 10, noCookiesReset: true, discardResponseBodies: true, executionSegment: '1/4:1/2', executionSegmentSequence: '0,1/4,1/2,1',
  scenarios: {
    b: { executor: 'shared-iterations', vus: 2, iterations: 4, maxDuration: '90s', options: { browser: { type: 'chromium' } } },
    a: { executor: 'per-vu-iterations', gracefulStop: '0s' },
    c: { executor: 'ramping-vus', stages: [{ duration: '1s', target: 1 }], gracefulRampDown: '3s' },
    d: { executor: 'constant-arrival-rate', rate: 3, duration: '5s', preAllocatedVUs: 1, maxVUs: '4', timeUnit: '2s' },
    e: { executor: 'ramping-arrival-rate', startRate: 1, stages: [{ target: 5, duration: '3s' }], preAllocatedVUs: 1 },
    f: { executor: 'constant-vus' },
  },
};
export default function () {}
