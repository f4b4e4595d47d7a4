// conformance: {"args":["--iterations","3"]}
// An exception ends its iteration, not the run.
import exec from 'k6/execution';

function thrower(kind) {
  if (kind === 0) throw new Error('an error');
  if (kind === 1) throw 'a string';
  throw { code: 7, toString: () => 'an object' };
}

export default function () {
  console.log('iteration', exec.scenario.iterationInTest);
  thrower(exec.scenario.iterationInTest);
}
