// conformance: {"args":["--throw"]}
// With --throw a failed request is an exception; statuses are not.
import http from 'k6/http';
export default function () {
  console.log(http.get(`${__ENV.BASE_URL}/status/500`).status);
  try {
    http.get(`${__ENV.BASE_URL}/drop`);
  } catch (error) {
    console.log(error.name, error.message, error instanceof Error);
  }
  http.get(`${__ENV.BASE_URL}/drop`);
  console.log('never');
}
