// What connect() refuses, and what it gives for an address that it cannot dial.
import ws from 'k6/ws';
// Each engine runs the init code as often as it likes; of one VU it is run once.
try {
  if (__VU === 1) ws.connect('ws://127.0.0.1:1/', () => {});
} catch (e) {
  console.log('init', e.name, e.message);
}
function attempt(name, action) {
  try {
    const r = action();
    console.log(name, typeof r, r.status, JSON.stringify(r.url), JSON.stringify(r.body), r.error, Object.keys(r).join());
  } catch (e) {
    console.log(name, 'threw', e.name, e.message, e instanceof Error);
  }
}
export default function () {
  const url = 'ws://127.0.0.1:1/';
  attempt('none', () => ws.connect());
  attempt('one', () => ws.connect(url));
  attempt('null', () => ws.connect(url, null));
  attempt('number', () => ws.connect(url, {}, 3));
  attempt('tags', () => ws.connect(url, { tags: { a: {} } }, () => {}));
  attempt('compression', () => ws.connect(url, { compression: 'gzip' }, () => {}));
  attempt('compression null', () => ws.connect(url, { compression: null }, () => {}));
  for (const bad of ['http://127.0.0.1/', 'nope', 'ws://u:p@127.0.0.1/', ':', 'ws://127.0.0.1:77 01/', 'ws://exa mple/', 'ws://127.0.0.1/%zz', 'ws://127.0.0.1:99999/', 'ws:///x', url])
    attempt(bad, () => ws.connect(bad, () => console.log('called')));
}
