// conformance: {"args":["--throw"]}
// With the option throw a failed dial is an exception; a refusal by the server is not.
import ws from 'k6/ws';
export default function () {
  console.log(ws.connect(`${__ENV.WS_URL}/ws-401`, () => {}).status);
  try {
    ws.connect('ws://127.0.0.1:1/', () => {});
  } catch (e) {
    console.log(e.name, e.message);
  }
  ws.connect('ws://127.0.0.1:1/', () => {});
}
