// A script that is a CommonJS module.
const http = require('k6/http');
const { check, sleep } = require('k6');

module.exports.options = { iterations: 2 };

function status(code) {
  return http.get(`${__ENV.BASE_URL}/status/${code}`).status;
}

exports.setup = function () {
  return { code: 201 };
};

exports.default = function (data) {
  console.log(status(data.code), typeof check, arguments.length);
  console.log(typeof hoisted);
  var hoisted = 1;
  sleep(0);
  console.log(check(data, { code: (d) => status(d.code) === 201 }), hoisted);
};
