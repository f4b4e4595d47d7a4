export async function setup() {
  Promise.reject(new Error('nobody cares'));
  Promise.reject(new Error('the second'));
  await null;
  console.log('after a microtask');
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log('never');
}
export default function () {
  console.log('iteration');
}
