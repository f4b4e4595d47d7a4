// asyncRequest and calls that wait inside its callbacks.
import http from 'k6/http';

const url = (code) => `${__ENV.BASE_URL}/status/${code}`;

export default function () {
  http
    .asyncRequest('GET', url(404))
    .then((response) => {
      console.log('async', response.status, http.get(url(200)).status);
      return http.asyncRequest('GET', url(201));
    })
    .then((response) => console.log('then', response.status))
    .catch((error) => console.log('never', error))
    .finally(() => console.log('finally', http.get(url(204)).status));
  console.log('function ends', http.get(url(202)).status);
}
