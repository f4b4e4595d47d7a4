// A setter that waits.
import { sleep } from 'k6';

const lamp = {
  set brightness(value) {
    sleep(0.001);
    this.value = value;
  },
};

export default function () {
  lamp.brightness = 5;
  console.log(lamp.value);
}
