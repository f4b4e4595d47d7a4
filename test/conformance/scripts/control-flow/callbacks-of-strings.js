// Calls that wait inside the comparisons of a sort and the replacements of a text.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

export default function () {
  console.log([404, 200, 201].sort((a, b) => status(a) - status(b)));
  console.log([3, 1, 2].toSorted((a, b) => a - b + status(200) - 200));
  console.log('a200 b404'.replace(/\d+/g, (code) => `<${status(code)}>`));
  console.log('a200 b404'.replaceAll(/[a-z](\d+)/g, (match, code, offset) => `${match}=${status(code)}@${offset}`));
}
