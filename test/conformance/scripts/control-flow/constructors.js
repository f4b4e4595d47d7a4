// Constructors and field initialisers that wait.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

class Eager {
  field = status(200);
  static shared = 'static';
  constructor(code) {
    this.own = status(code);
  }
}

class Later extends Eager {
  constructor() {
    super(201);
    this.more = status(204);
  }
}

function Old(code) {
  if (!new.target) return new Old(code);
  this.own = status(code);
}

export default function () {
  const eager = new Eager(404);
  console.log(eager.field, eager.own, Eager.shared);
  const later = new Later();
  console.log(later.field, later.own, later.more, later instanceof Eager);
  console.log(new Old(202).own, Old(203).own);
}
