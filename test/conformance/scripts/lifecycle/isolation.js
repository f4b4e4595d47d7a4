// conformance: {"sorted":true}
// State of a module belongs to its VU and lives as long as the VU.
import exec from 'k6/execution';

export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 3 } } };

let count = 0;
const list = [];
globalThis.onGlobal = 0;

export function setup() {
  count = 100;
  Array.prototype.fromSetup = true;
}

export default function () {
  count++;
  globalThis.onGlobal += 10;
  list.push(__ITER);
  String.prototype.extra ??= `of VU ${__VU}`;
  __ENV.CHANGED = `${__ENV.CHANGED ?? ''}${__ITER}`;
  console.log(exec.vu.idInTest, count, globalThis.onGlobal, list.length, ''.extra, __ENV.CHANGED, [].fromSetup);
}
