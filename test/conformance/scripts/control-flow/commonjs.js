// A script that is a CommonJS module, in sloppy mode.
var http = require('k6/http');
var k6 = require('k6');

module.exports.options = { iterations: 2 };

function status(code) {
  return http.get(__ENV.BASE_URL + '/status/' + code).status;
}

module.exports.setup = function () {
  return { code: 201 };
};

module.exports.default = function (data) {
  console.log(status(data.code), typeof http.default, typeof k6.check, arguments.length);
  var o = { a: 1 };
  undeclared = 5;
  console.log(undeclared, (function () { return typeof this; })());
  console.log('hoisted', typeof hoisted);
  var hoisted = 1;
  if (true) {
    function inBlock() {
      k6.sleep(0);
      return 'in block';
    }
  }
  console.log(inBlock());
  console.log(delete o.a, JSON.stringify(o));
};
