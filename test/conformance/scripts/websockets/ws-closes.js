// How the other side can end: what is told, in what order.
import ws from 'k6/ws';
export default function () {
  for (const path of ['ws-push', 'ws-close/1000/x', 'ws-close/1001/bye', 'ws-close/3005/abc', 'ws-no-code', 'ws-drop', 'ws-bad-frame']) {
    ws.connect(`${__ENV.WS_URL}/${path}`, (socket) => {
      socket.on('open', () => {
        if (path.startsWith('ws-close') || path === 'ws-drop') socket.send('go');
      });
      socket.on('message', (m) => console.log(path, 'message', m));
      socket.on('error', (e) => console.log(path, 'error', e.error(), e.code, e.text, Object.keys(e).join(), e instanceof Error, String(e)));
      socket.on('error', (e) => console.log(e));
      socket.on('close', (...a) => console.log(path, 'close', a.length, a[0]));
    });
  }
}
