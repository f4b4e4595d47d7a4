// import() is refused, whatever it names.
const value = (x) => x;
const attempts = {
  k6: () => import('k6/http'),
  'k6, unknown': () => import('k6/nope'),
  file: () => import('./dynamic-import.js'),
  'missing file': () => import('./none.js'),
  computed: () => import(value('./dynamic-import.js')),
  pattern: () => import(`./${value('dynamic-import')}.js`),
  'pattern of nothing': () => import('./none-' + value('x') + '.js'),
  object: () => import({ toString: () => 'x' }),
  'text that throws': () => import({ toString() { throw new RangeError('no text'); } }),
};
try {
  await import('./dynamic-import.js');
} catch (error) {
  if (__VU === 1) console.log('init', typeof error, error);
}
export default async function () {
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      console.log(name, typeof (await attempt()));
    } catch (error) {
      console.log(name, 'rejected with', typeof error, String(error));
    }
  }
}
