import { a } from './missing.js';
export default function () {
  console.log(a);
}
