// conformance: {"with":["lazy"]}
// The exception of a require() that comes too late.
import { lazy } from './lazy/cjs2.js';
export default function () {
  lazy();
}
