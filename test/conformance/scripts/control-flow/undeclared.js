// Names that nobody declared: reading, writing, changing, in patterns and loops; and globals that the script made itself.
import { sleep } from "k6";

globalThis.made = 1;

function attempt(label, callee) {
  try {
    console.log(label, callee());
  } catch (error) {
    console.log(label, error.name, error.message);
  }
}

let evaluated = 0;
const next = () => (evaluated += 1);

export default function () {
  attempt("write", () => (missing = next()));
  attempt("evaluated", () => evaluated);
  attempt("add", () => (missing += 1));
  attempt("or", () => (missing ||= 1));
  attempt("increment", () => missing++);
  attempt("array", () => ([missing] = [1]));
  attempt("object", () => ({ missing } = { missing: 1 }));
  attempt("default", () => ({ missing = 2 } = {}));
  attempt("loop", () => {
    for (missing of [1]);
  });
  attempt("typeof", () => typeof missing);
  attempt("waiting", () => {
    missing = (sleep(0.01), next());
  });
  attempt("evaluated", () => evaluated);
  attempt("made", () => (made = 2));
  attempt("made add", () => (made += 3));
  attempt("made increment", () => made++);
  attempt("made member", () => globalThis.made);
  attempt("pattern", () => ([made] = [9]) && made);
  attempt("built-in", () => ((Date = 5), typeof Date));
}
