import exec from 'k6/execution';
setTimeout(() => exec.test.abort('in a timer'), 1);
export default function () {
  console.log('iteration');
}
