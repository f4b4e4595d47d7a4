// conformance: {"args":["--iterations","3"]}
// A rejection that nobody handles ends the iteration as an exception does.
import exec from 'k6/execution';

export default async function () {
  const n = exec.scenario.iterationInTest;
  console.log('iteration', n);
  if (n === 0) Promise.reject(new Error('nobody'));
  if (n === 1) throw new Error('from an async function');
  if (n === 2) await Promise.reject('a string');
  console.log('still here', n);
}
