// Calls that wait inside callbacks that the language cannot pause: sort, replace, toJSON, revivers.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

export default function () {
  console.log([404, 200, 201].sort((a, b) => status(a) - status(b)));
  console.log('a200 b404'.replace(/\d+/g, (code) => `<${status(code)}>`));
  console.log(JSON.stringify({ toJSON: () => ({ status: status(201) }) }));
  console.log(JSON.parse('{"a":200}', (key, value) => (key === 'a' ? status(value) : value)));
  console.log(JSON.stringify({ a: 200 }, (key, value) => (key === 'a' ? status(value) : value)));
}
