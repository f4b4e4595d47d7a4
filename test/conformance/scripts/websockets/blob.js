// Blob without a socket.
import { Blob } from 'k6/websockets';
function attempt(name, action) {
  try {
    console.log(name, String(action()));
  } catch (e) {
    console.log(name, 'threw', e.name, e.message);
  }
}
export default async function () {
  const blob = new Blob(['a', new Uint8Array([66]), new Uint8Array([67]).buffer], { type: 'T/x' });
  console.log(blob.size, blob.type, String(blob), blob instanceof Blob, Object.keys(blob).join(), JSON.stringify(blob));
  console.log(await blob.text(), new Uint8Array(await blob.arrayBuffer()), await blob.bytes());
  console.log(blob.slice().size, blob.slice(1).size, blob.slice(1, 2).size, await blob.slice(1, 2).text());
  console.log(new Blob().size, new Blob([]).size, new Blob([new Blob(['in'])]).size, new Blob(null).size);
  attempt('string', () => new Blob('abc'));
  attempt('number', () => new Blob(5));
  for (const part of [1, 1.5, null, {}, [1], true]) attempt(JSON.stringify(part), () => new Blob([part]));
}
