// systemTags: [] switches all of them off.
import http from 'k6/http';
export const options = { systemTags: [] };
export default function () {
  http.get(`${__ENV.BASE_URL}/status/200`);
}
