export async function setup() {
  Promise.reject(new Error('nobody cares'));
  await null;
  console.log('after a microtask');
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log('never');
}
export default function () {
  console.log('iteration');
}
