// What each kind of value becomes on its way from setup() to the other functions.
export function setup() {
  return {
    text: 'text',
    number: 1.5,
    large: 9007199254740991,
    yes: true,
    nothing: null,
    missing: undefined,
    nested: { list: [1, [2, 'x'], {}] },
    date: new Date(0),
    map: new Map([['a', 1], ['b', { c: 2 }]]),
    set: new Set([1, 'x']),
    bytes: new Uint8Array([1, 2, 255]),
    floats: new Float32Array([0.5]),
    buffer: new ArrayBuffer(4),
    big: 10n,
    error: new Error('e'),
    expression: /x/g,
    boxed: [new Number(1), new String('s'), new Boolean(false)],
    sparse: [1, , 3],
    html: '<a>&\u2028',
  };
}

const show = (data) => {
  for (const key of Object.keys(data).sort()) {
    console.log(key, typeof data[key], Array.isArray(data[key]), JSON.stringify(data[key]));
  }
};

export default function (data) {
  show(data);
}

export function teardown(data) {
  console.log('teardown', Object.keys(data).length, data.text, 'missing' in data);
}
