// conformance: {"with":["lib"],"sorted":true}
// open(): text, bytes, relative paths; with SharedArray.
import { SharedArray } from 'k6/data';
const users = new SharedArray('users', () => JSON.parse(open('./lib/users.json')));
const csv = open('lib/users.csv');
const bytes = open('./lib/users.csv', 'b');
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 1 } } };
export default function () {
  console.log(users.length, users[1].user, csv.split('\n').length, bytes.byteLength, bytes instanceof ArrayBuffer, new Uint8Array(bytes)[0]);
}
