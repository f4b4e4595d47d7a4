// Whether a CommonJS script is in strict mode.
module.exports.default = function () {
  try {
    undeclared = 5;
    console.log(undeclared, (function () { return this === undefined; })());
  } catch (error) {
    console.log(error.name);
  }
};
