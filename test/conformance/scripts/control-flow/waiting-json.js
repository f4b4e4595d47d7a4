// Calls that wait inside toJSON, a replacer and a reviver.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

export default function () {
  console.log(JSON.parse('{"a":200}', (key, value) => (key === 'a' ? status(value) : value)));
  console.log(JSON.stringify({ a: 200 }, (key, value) => (key === 'a' ? status(value) : value)));
  console.log(JSON.stringify({ toJSON: () => ({ status: status(201) }) }));
}
