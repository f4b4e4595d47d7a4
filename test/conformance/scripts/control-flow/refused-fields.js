// Field initialisers that wait, and a constructor that waits behind super().
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

class Eager {
  field = status(200);
}

class Base {
  constructor(code) {
    this.own = status(code);
  }
}

class Later extends Base {
  constructor() {
    super(201);
    this.more = status(204);
  }
}

export default function () {
  try {
    console.log(new Eager().field);
  } catch (error) {
    console.log(error.name);
  }
  const later = new Later();
  console.log(later.own, later.more);
}
