// Constructors that wait.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

class Eager {
  field = 'field';
  static shared = 'static';
  constructor(code) {
    this.own = status(code);
    this.again = this.load(201);
  }
  load(code) {
    return status(code);
  }
}

function Old(code) {
  if (!new.target) return new Old(code);
  this.own = status(code);
}
Old.prototype.more = function () {
  return this.own + status(200);
};

export default function () {
  const eager = new Eager(404);
  console.log(eager.field, eager.own, eager.again, Eager.shared, eager instanceof Eager);
  console.log(new Old(202).own, Old(203).own, new Old(204).more());
  console.log([200, 201].map((code) => new Eager(code).own));
}
