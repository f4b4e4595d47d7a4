// conformance: {"args":["--iterations","3"]}
// fail() throws.
import { fail } from 'k6';
import exec from 'k6/execution';
export default function () {
  const n = exec.scenario.iterationInTest;
  if (n === 0) fail('with a reason');
  if (n === 1) fail();
  try {
    fail({ an: 'object' });
  } catch (error) {
    console.log(typeof error, String(error), error.name, error.message);
  }
}
