// error.stack names the script's places.
function inner() {
  return new Error('placed');
}
export default function () {
  const { stack } = inner();
  console.log(stack.split('\n')[0], stack.includes('stack.js:3'), stack.includes('stack.js:6'), 'column' in inner());
  console.log(new TypeError('m').toString(), String(new RangeError()), new Error('x', { cause: 1 }).cause);
  const aggregate = new AggregateError([new Error('a')], 'many');
  console.log(aggregate.name, aggregate.message, aggregate.errors.length);
}
