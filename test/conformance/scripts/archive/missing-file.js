// conformance: {"with":["lib"],"steps":[["archive","-O","a.tar","{script}"],["run","-e","NAME=./lib/d.json","a.tar"]],"ignore":["log"]}
// A file that the archive does not hold is not there, even if it lies beside it.
const text = open(__ENV.NAME || './lib/data.txt');
export default function () { console.log(text); }
