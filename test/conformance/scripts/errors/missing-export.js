// A named import that a module of k6 does not have is undefined.
import { nope } from 'k6/http';
import { check } from 'k6';
export default function () {
  console.log(typeof nope, typeof check);
}
