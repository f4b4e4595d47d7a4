exports.a = 1;
exports.lazy = () => require('./other.js').x;
exports.lazyK6 = () => typeof require('k6').sleep;
