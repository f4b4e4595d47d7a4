import crypto from "k6/crypto";
import { fail } from "k6";
export default function () {
  for (const f of [() => crypto.md5(5), () => fail("ff"), () => open("x"), () => new GoError("q"), () => GoError("r")]) {
    let e; try { e = f(); } catch (x) { e = x; }
    console.log([JSON.stringify(e), Object.keys(e).join(), String(e.value), e instanceof GoError, e instanceof Error, e.constructor === GoError, e.constructor.name, e.name, Object.hasOwn(e, "name"), String(e)].join("|"));
    console.log(e);
    }
  console.log([new GoError().message, new GoError(5).message, new GoError("a", { cause: 1 }).cause, GoError.prototype.name, Object.keys(new GoError("a"))].join("|"));
}
