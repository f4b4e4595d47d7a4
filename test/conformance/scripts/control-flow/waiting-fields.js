// Field initialisers that wait, and constructors that wait behind super().
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

class Eager {
  before = 1;
  field = status(200);
  after = this.field + 1;
  #hidden = status(201);
  read = () => this.#hidden;
}

class Base {
  constructor(code) {
    console.log('base', new.target.name);
    this.own = status(code);
  }
}

class Later extends Base {
  constructor() {
    super(201);
    this.more = status(204);
  }
}

class Deep extends Later {
  own = `${this.own} again`;
  last = status(200);
  named = () => 1;
}

class Failing extends Base {
  never = console.log('never');
  constructor() {
    super(404);
    throw new Error(`own is ${this.own}`);
  }
}

export default function () {
  const eager = new Eager();
  console.log(JSON.stringify(eager), eager.read(), eager.read.name);
  const later = new Later();
  console.log(later.own, later.more, later instanceof Base);
  const deep = new Deep();
  console.log(JSON.stringify(deep), deep.named.name);
  console.log([202, 204].map((code) => new Base(code)).map(({ own }) => own).join());
  try {
    new Failing();
  } catch (error) {
    console.log(error.message);
  }
}
