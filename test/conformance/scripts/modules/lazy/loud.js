console.log('top level of loud.js'); exports.x = 1;
