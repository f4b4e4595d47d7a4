/**
 * OMGTV Production Load Test
 * Target: 500 RPS, 5000 concurrent users
 */

import http from 'k6/http';
import { check, sleep, group } from 'k6';
import { Rate, Trend, Counter } from 'k6/metrics';

// Custom metrics for Prometheus
const errorRate = new Rate('error_rate');
const apiLatency = new Trend('api_latency');
const requestCount = new Counter('request_count');

export const options = {
  stages: [
    { duration: '2m', target: 100 },    // Warm up
    { duration: '5m', target: 500 },    // Ramp to 500
    { duration: '10m', target: 1000 },  // Ramp to 1000
    { duration: '10m', target: 2000 },  // Ramp to 2000
    { duration: '5m', target: 5000 },   // Peak load
    { duration: '5m', target: 5000 },   // Sustain peak
    { duration: '5m', target: 0 },      // Ramp down
  ],
  
  thresholds: {
    http_req_duration: ['p(95)<300', 'p(99)<500'],
    http_req_failed: ['rate<0.001'],  // 0.1% error rate
    error_rate: ['rate<0.001'],
  },
  
  // Output to Prometheus
  // Run with: k6 run --out experimental-prometheus-rw script.js
};

const BASE_URL = __ENV.BASE_URL || 'https://api.yourdomain.com';
let guestTokens = {};

function api(method, endpoint, body = null, token = null) {
  const url = `${BASE_URL}${endpoint}`;
  const headers = { 'Content-Type': 'application/json' };
  if (token) headers['Authorization'] = `Bearer ${token}`;

  const start = Date.now();
  let res;
  
  switch (method) {
    case 'GET':
      res = http.get(url, { headers, timeout: '30s' });
      break;
    case 'POST':
      res = http.post(url, body ? JSON.stringify(body) : null, { headers, timeout: '30s' });
      break;
  }
  
  apiLatency.add(Date.now() - start);
  requestCount.add(1);
  
  return res;
}

export default function () {
  const vuId = __VU;
  const deviceId = `prod-test-${vuId}-${Date.now()}`;

  // 1. Guest Auth
  group('auth', () => {
    const guest = api('POST', '/api/v1/auth/guest/init', {
      deviceId,
      deviceInfo: { platform: 'android', version: '2.0.0' },
    });
    
    if (check(guest, { 'guest auth ok': (r) => r.status === 200 })) {
      try {
        const data = JSON.parse(guest.body);
        guestTokens[vuId] = data.tokens?.accessToken;
      } catch (e) {}
    } else {
      errorRate.add(1);
    }
  });

  sleep(0.1);

  // 2. Home Feed (Most critical)
  group('home_feed', () => {
    const home = api('GET', '/api/v1/content/mobile/home');
    check(home, {
      'home feed ok': (r) => r.status === 200,
      'home feed fast': (r) => r.timings.duration < 300,
    }) || errorRate.add(1);
  });

  sleep(0.1);

  // 3. Search
  group('search', () => {
    const queries = ['drama', 'comedy', 'action', 'romance', 'thriller'];
    const q = queries[Math.floor(Math.random() * queries.length)];
    const search = api('GET', `/api/v1/search?q=${q}`);
    check(search, { 'search ok': (r) => r.status === 200 }) || errorRate.add(1);
  });

  sleep(0.1);

  // 4. Engagement (with auth)
  group('engagement', () => {
    const token = guestTokens[vuId];
    if (!token) return;

    const saved = api('GET', '/api/v1/engagement/series/saved', null, token);
    check(saved, { 'saved ok': (r) => r.status === 200 || r.status === 401 });
  });

  // Think time (realistic user behavior)
  sleep(Math.random() * 2 + 0.5);
}

export function handleSummary(data) {
  return {
    'summary.json': JSON.stringify(data, null, 2),
    stdout: textSummary(data, { indent: ' ', enableColors: true }),
  };
}

import { textSummary } from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';
