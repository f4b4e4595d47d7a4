// conformance: {"args":["--features","freeze-env,nope","--features","merge-run-tags","--tag","b=2"]}
import exec from 'k6/execution';
export const options = { tags: { a: '1', b: '1' } };
export default function () {
  try { __ENV.X = '1'; console.log('written', __ENV.X); } catch (error) { console.log(error.name); }
  console.log(JSON.stringify(exec.test.options.tags));
}
