// conformance: {"args":["--tag","who=run","--tag","run=yes"]}
// Who wins when run, scenario, VU and request name the same tag.
import http from 'k6/http';
import { check, group } from 'k6';
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export const options = {
  tags: { who: 'script', script: 'lost' },
  scenarios: { s: { executor: 'per-vu-iterations', vus: 1, iterations: 1, tags: { who: 'scenario', scenario_tag: 'yes' } } },
};
const url = `${__ENV.BASE_URL}/status/200`;
export default function () {
  counter.add(1);
  exec.vu.tags.who = 'vu';
  exec.vu.metrics.tags.second = 'other door';
  counter.add(1);
  counter.add(1, { who: 'sample' });
  http.get(url);
  http.get(url, { tags: { who: 'request', method: 'FAKE', status: '999', name: 'renamed', scenario: 'mine', group: 'mine' } });
  check(1, { c: () => true }, { who: 'check', check: 'mine' });
  group('g', () => {
    counter.add(1);
  });
  counter.add(1);
}
