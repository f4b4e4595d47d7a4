// conformance: {"with":["lib"]}
// require of a file of the script's own while an iteration runs.
const loaded = require('./lib/common.js');

export default function () {
  try {
    console.log(require('./lib/common.js') === loaded);
  } catch (error) {
    console.log(error.name, error.message);
  }
}
