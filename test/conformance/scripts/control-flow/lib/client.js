import http from 'k6/http';
import { sleep } from 'k6';

export let calls = 0;
export const base = __ENV.BASE_URL;

export function status(code) {
  calls++;
  return http.get(`${base}/status/${code}`).status;
}

export default class Client {
  constructor(pause) {
    this.pause = pause;
  }
  get(code) {
    sleep(this.pause);
    return status(code);
  }
}

console.log('client loaded', __VU);
