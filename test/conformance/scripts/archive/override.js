// conformance: {"with":["lib"],"steps":[["archive","-O","a.tar","-e","FOO=archived","-e","BAR=archived","{script}"],["run","-u","1","-i","1","-e","FOO=flag","a.tar"]],"sorted":true,"ignore":["stdout"]}
import { hi } from './lib/hi.js';
import { SharedArray } from 'k6/data';
const text = open('./lib/data.txt');
const bytes = open('./lib/data.txt', 'b');
const shared = new SharedArray('x', () => JSON.parse(open('./lib/d.json')));
export const options = { vus: 2, iterations: 4, tags: { from: 'script' } };
export default function () { console.log(hi(), text, bytes.byteLength, shared[0], __ENV.FOO, __ENV.BAR); }
