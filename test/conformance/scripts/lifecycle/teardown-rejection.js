export default function () {
  console.log('iteration');
}
export function teardown() {
  setTimeout(() => { Promise.reject('a text'); }, 1);
  setTimeout(() => console.log('never'), 200);
}
