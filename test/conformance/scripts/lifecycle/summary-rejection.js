// What handleSummary() leaves rejected changes nothing.
export default function () {
  console.log('iteration');
}
export function handleSummary() {
  Promise.reject(new Error('nobody cares'));
  return { 'out.txt': 'text' };
}
