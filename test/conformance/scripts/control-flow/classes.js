// Classes whose members wait: methods, accessors, fields, private and static ones, through inheritance.
import http from 'k6/http';
import { sleep } from 'k6';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

class Base {
  static calls = 0;
  #secret = 1;
  constructor(code) {
    this.code = code;
  }
  get status() {
    Base.calls++;
    return status(this.code);
  }
  set secret(value) {
    this.#secret = value;
  }
  #hidden() {
    return status(this.code) + this.#secret;
  }
  reveal() {
    return this.#hidden();
  }
  static make(code) {
    sleep(0.001);
    return new this(code);
  }
}

class Derived extends Base {
  label = 'field';
  fetch() {
    return [this.label, status(this.code)];
  }
  get status() {
    return `derived ${this.code}`;
  }
  reveal() {
    return super.reveal() * 2;
  }
  toString() {
    return `Derived(${this.code})`;
  }
  computed1() {
    return status(202);
  }
}

export default function () {
  const base = new Base(200);
  const derived = Derived.make(201);
  console.log(base.status, derived.status, Base.calls);
  base.secret = 5;
  console.log(base.reveal(), derived.reveal());
  console.log(derived instanceof Base, `${derived}`);
  console.log(derived.fetch(), derived.computed1());
  const Anonymous = class extends Derived {};
  console.log(new Anonymous(204).status, Anonymous.name);
  const bound = base.reveal.bind(base);
  console.log(bound(), Base.prototype.reveal.call(derived), Reflect.apply(base.reveal, derived, []));
}
