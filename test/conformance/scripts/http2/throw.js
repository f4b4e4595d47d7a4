// Faults of HTTP/2 as exceptions.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 1, throw: true };

export default function () {
  for (const path of ['reset/2', 'reset-body/8', 'goaway/2', 'goaway-end/0', 'end', 'data-zero', 'no-status', 'too-large', 'long']) {
    try {
      http.get(`${__ENV.H2_FAULTS_URL}/${path}`);
      console.log(path, 'passed');
    } catch (error) {
      console.log(path, error.name, error.message);
    }
  }
}
