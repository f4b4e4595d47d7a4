module.exports = function(){ return 7 };
module.exports.lazy = () => require('./other.js').x;
