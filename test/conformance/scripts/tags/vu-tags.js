// conformance: {"args":["--iterations","2"]}
// exec.vu.tags: reading, writing, deleting, what is refused, how long it lasts.
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
const show = (where) => console.log(where, JSON.stringify(Object.entries(exec.vu.tags).sort()));
export default function () {
  show('start');
  exec.vu.tags.text = 'x';
  exec.vu.tags['number'] = 5;
  exec.vu.tags.flag = true;
  show('set');
  counter.add(1);
  console.log('text' in exec.vu.tags, Object.keys(exec.vu.tags).includes('flag'), exec.vu.tags.missing);
  for (const bad of [{}, [1], null, undefined, () => 1]) {
    try {
      exec.vu.tags.bad = bad;
      console.log('accepted', JSON.stringify(exec.vu.tags.bad));
    } catch (error) {
      console.log(error.name, error.message);
    }
  }
  console.log(delete exec.vu.tags.flag, exec.vu.tags.flag);
  exec.vu.tags.scenario = 'overwritten';
  counter.add(1);
  try {
    exec.vu.tags = { all: 'new' };
    show('replaced');
  } catch (error) {
    console.log(error.name, error.message);
  }
}
