// Which globals a script finds.
const names = [
  'console', '__ENV', '__VU', 'open', 'require', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'crypto',
  'TextEncoder', 'TextDecoder', 'global', 'globalThis', 'escape', 'unescape', 'fetch', 'URL', 'URLSearchParams', 'Blob',
  'FormData', 'Headers', 'btoa', 'atob', 'performance', 'process', 'Buffer', 'queueMicrotask', 'setImmediate',
  'AbortController', 'WebSocket', 'structuredClone', 'window', 'module', 'exports', '__filename', '__dirname',
  'Promise', 'Symbol', 'Proxy', 'Reflect', 'BigInt', 'Map', 'WeakMap', 'Event', 'EventTarget', 'navigator', 'self',
];

export default function () {
  for (const name of names) {
    let type;
    try {
      type = typeof globalThis[name];
    } catch (error) {
      type = error.name;
    }
    console.log(name, type);
  }
  console.log(Object.keys(console).sort(), typeof globalThis.__ITER, this === undefined);
  console.log(global === globalThis, Object.prototype.toString.call(globalThis));
}
