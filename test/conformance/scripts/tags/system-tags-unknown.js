// Names that nobody knows are left out without a word.
import http from 'k6/http';
export const options = { systemTags: ['nope', 'status', 'scenario'] };
export default function () {
  http.get(`${__ENV.BASE_URL}/status/200`);
}
