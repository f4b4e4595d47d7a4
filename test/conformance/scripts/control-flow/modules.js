// conformance: {"with":["lib"]}
// Modules of the script's own: live bindings, re-exports, cycles, CommonJS, and calls that wait across them.
import Default, { calls, status, base } from './lib/client.js';
import * as lib from './lib/index.js';
import common, { name } from './lib/common.js';

const required = require('./lib/common.js');

export default function () {
  console.log(status(200), new Default(0.001).get(201), calls, base === __ENV.BASE_URL);
  console.log(lib.ask(204), lib.Client === Default, lib.everything.calls, lib.calls, calls);
  console.log(Object.keys(lib).sort());
  console.log(lib.even(6), lib.even(3));
  console.log(common.status(202), name, common.self, required === common);
  console.log(typeof import.meta.resolve);
  try {
    const namespace = lib;
    namespace['ca' + 'lls'] = 5;
  } catch (error) {
    console.log(error.name);
  }
}
