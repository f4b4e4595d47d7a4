// A promise that the init code rejects and does not handle.
Promise.reject(new Error('nobody cares'));
console.log('goes on');
setTimeout(() => console.log('never'), 200);
export default function () {
  console.log('iteration');
}
