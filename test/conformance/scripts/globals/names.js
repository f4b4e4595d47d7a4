const names="fetch URL URLSearchParams Blob FormData Headers Request Response btoa atob performance process Buffer queueMicrotask setImmediate clearImmediate AbortController AbortSignal Event EventTarget MessageChannel WebSocket structuredClone Intl window self document navigator global globalThis console __ENV __VU __ITER open require setTimeout clearTimeout setInterval clearInterval crypto Crypto CryptoKey SubtleCrypto TextEncoder TextDecoder TextEncoderStream escape unescape GoError WebAssembly SharedArrayBuffer Atomics WeakRef FinalizationRegistry Iterator AsyncIterator ReadableStream WritableStream TransformStream DOMException Promise Proxy Reflect Map Set WeakMap WeakSet Symbol BigInt BigInt64Array DataView AggregateError eval Function Float16Array DisposableStack SuppressedError ShadowRealm Temporal __dirname __filename require_ regeneratorRuntime Error JSON Math Date RegExp parseInt NaN undefined Infinity gc print alert isNaN encodeURIComponent Uint8ClampedArray Worker importScripts Deno Bun".split(" ");
export default function () {
  for (const n of names) console.log(n, typeof globalThis[n], n in globalThis);
  console.log(typeof fetch, typeof URL, typeof Buffer, typeof process, typeof performance, typeof structuredClone, typeof Intl, typeof queueMicrotask, typeof btoa, typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics, typeof WeakRef, typeof FinalizationRegistry, typeof Iterator, typeof window, typeof self);
  console.log(Object.keys(globalThis).sort().join());
  for (const f of [() => fetch("x"), () => process.env, () => new URL("http://x"), () => Intl.DateTimeFormat]) try { f(); } catch (e) { console.log(String(e)); }
  console.log(Object.prototype.toString.call(globalThis), global === globalThis, typeof this);
  globalThis.mine = 1; console.log(typeof mine, mine);
  __ITER = 9; console.log(__ITER, Object.isFrozen(__ENV), escape("\u00e9 \u00fc"), unescape("%u0107"));
}
