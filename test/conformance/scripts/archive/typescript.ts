// conformance: {"with":["lib"],"steps":[["archive","-O","a.tar","{script}"],["run","-t","archive","a.tar"]],"ignore":["stdout"]}
import { hi } from './lib/hi.js';
const text: string = open('./lib/data.txt');
export default function (): void { console.log(hi(), text); }
