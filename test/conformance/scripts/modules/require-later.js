// conformance: {"with":["lazy"]}
// require() in and outside of the init context: of files, of k6's modules, of what is not there; by functions of other files, too.
import callable, { lazy as lazyOfCallable } from './lazy/cjs2.js';
import * as esm from './lazy/esm.js';
const common = require('./lazy/common.js');

const print = __VU === 1 ? console.log : () => {};
function attempt(where, name, action) {
  try {
    print(where, name, action());
  } catch (error) {
    print(where, name, 'threw', String(error), error.name, error instanceof GoError, error instanceof Error);
  }
}

const value = (x) => x;
function all(where) {
  attempt(where, 'module of files', () => require('./lazy/esm.js').v);
  attempt(where, 'common.js', () => require('./lazy/common.js') === common);
  attempt(where, 'k6', () => typeof require('k6').sleep);
  attempt(where, 'of another file', common.lazy);
  attempt(where, 'of another file, k6', common.lazyK6);
  attempt(where, 'of an imported file', lazyOfCallable);
  attempt(where, 'of a module', esm.lazy);
  attempt(where, 'what it made', callable);
  attempt(where, 'missing file', () => require('./lazy/none.js'));
  attempt(where, 'missing package', () => require('left-pad'));
  attempt(where, 'http', () => require(value('http://x/y.js')));
  attempt(where, 'number', () => require(value(5)));
  attempt(where, 'object', () => require(value({})));
  attempt(where, 'empty', () => require(value('')));
  attempt(where, 'null', () => require(value(null)));
  attempt(where, 'nothing', () => require());
  attempt(where, 'folder written out', () => require('./lazy/' + value('other') + '.js').x);
  attempt(where, 'own', () => { const require = (x) => `own ${x}`; return require('./lazy/other.js'); });
  attempt(where, 'alias', () => { const load = require; return typeof load('k6'); });
  attempt(where, 'type', () => typeof require);
}
all('init');
export function setup() {
  try { require('./lazy/common.js'); } catch (error) { console.log('setup', String(error)); }
}
export default function () {
  all('iteration');
}
export function teardown() {
  try { common.lazy(); } catch (error) { console.log('teardown', String(error)); }
}
export function handleSummary() {
  try { common.lazy(); } catch (error) { console.log('handleSummary', String(error)); }
  return {};
}
