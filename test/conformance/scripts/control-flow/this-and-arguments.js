// this, arguments, new.target, call, apply and bind across calls that wait.
import http from 'k6/http';
import { sleep } from 'k6';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function sums() {
  sleep(0.001);
  return Array.prototype.slice.call(arguments).reduce((a, b) => a + b, 0) + arguments.length;
}

const service = {
  code: 201,
  plain() {
    return status(this.code);
  },
  arrow() {
    return [1, 2].map(() => status(this.code));
  },
  later() {
    const self = this;
    return (function () {
      return [this === undefined, status(self.code)];
    })();
  },
  nested() {
    return (() => (() => (sleep(0.001), this.code + 1))())();
  },
};

function Built(code) {
  sleep(0.001);
  return { target: new.target !== undefined, code };
}

export default function () {
  console.log(sums(1, 2, 3), sums.length, sums.name);
  console.log(service.plain(), service.arrow(), service.later(), service.nested(1, 2));
  console.log(service.plain.call({ code: 404 }), service.plain.apply({ code: 204 }), service.plain.bind({ code: 202 })());
  const borrowed = { __proto__: service, code: 203 };
  console.log(borrowed.plain(), Object.create(service).plain());
  console.log(JSON.stringify([new Built(1), Built(2)]));
  const method = 'plain';
  console.log(service[method](), (0, service.plain).call(service));
  const partial = status.bind(null, 418);
  console.log(partial(), partial.name);
  console.log([404].map(status), [[200]].map(([code]) => status(code)));
}
