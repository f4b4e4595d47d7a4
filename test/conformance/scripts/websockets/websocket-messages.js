// What can be sent, what comes back, blobs and buffers.
import { WebSocket, Blob } from 'k6/websockets';
function attempt(name, action) {
  try {
    console.log(name, String(action()));
  } catch (e) {
    console.log(name, 'threw', e.name, e.message);
  }
}
export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/ws-echo`);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    for (const v of [undefined, null, 1, 1.5, { a: 1 }, [1], true, new Date(0), new Map(), new Set(), new DataView(new ArrayBuffer(2)), new Blob(['a']), () => 1])
      attempt(Object.prototype.toString.call(v), () => socket.send(v));
    socket.send('é');
    console.log(socket.bufferedAmount);
    socket.send(new ArrayBuffer(2));
    socket.send(new Uint8Array([1, 2, 3]).subarray(1));
    socket.send(new Float32Array([1]));
    console.log(socket.bufferedAmount);
  };
  let heard = 0;
  socket.onmessage = (e) => {
    console.log(typeof e.data === 'string' ? e.data : new Uint8Array(e.data), e.data instanceof ArrayBuffer);
    if (++heard === 4) socket.close(1000, 'enough');
  };
  socket.onclose = (e) => {
    console.log(e.code, e.reason);
    const binary = new WebSocket(`${__ENV.WS_URL}/ws-binary`);
    binary.onmessage = async (m) => {
      console.log(typeof m.data, String(m.data), Object.keys(m.data).join(), m.data.size, JSON.stringify(m.data.type));
      console.log(new Uint8Array(await m.data.arrayBuffer()), await m.data.bytes(), (await m.data.text()).length, m.data.slice(1, 2).size);
      binary.close();
    };
  };
}
