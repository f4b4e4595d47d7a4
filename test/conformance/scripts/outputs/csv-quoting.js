// conformance: {"args":["--out","csv=own.csv","--system-tags","check"],"files":["own.csv"],"env":{"K6_CSV_TIME_FORMAT":"rfc3339_nano"}}
import { check } from "k6";

export const options = { vus: 1, iterations: 1 };

export default function () {
  check(1, {
    'with "quotes"': () => true,
    " leads with a space": () => true,
    "ends with a space ": () => true,
    "#hash": () => true,
    "\ttab first": () => true,
    "tab\tinside": () => true,
    "\\.": () => true,
    "ünï → ✓": () => true,
  });
}
