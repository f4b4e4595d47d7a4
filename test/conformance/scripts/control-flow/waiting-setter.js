// A setter that waits.
import http from 'k6/http';
import { sleep } from 'k6';

const lamp = {
  set brightness(value) {
    sleep(0.001);
    this.value = value;
  },
};

class Account {
  #status = 0;
  get status() {
    return this.#status;
  }
  set status(code) {
    this.#status = http.get(`${__ENV.BASE_URL}/status/${code}`).status;
  }
  set #secret(code) {
    this.status = code + 1;
  }
  open() {
    this.#secret = 200;
    return this.#status;
  }
}

export default function () {
  lamp.brightness = 5;
  console.log(lamp.value, (lamp.brightness = 6), lamp.value);
  const account = new Account();
  account.status = account.status = 202;
  console.log(account.status);
  account.status += 2;
  console.log(account.status, account.open());
  const write = (code) => (account.status = code);
  console.log(write(200), account.status);
}
