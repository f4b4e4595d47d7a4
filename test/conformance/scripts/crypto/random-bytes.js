import crypto from "k6/crypto";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
export default function () {
  for (const n of [0, -1, 1, 16, "4", "x", undefined, null, 1.5, 2.9, [3], {}, true]) t("randomBytes " + String(n), () => { const r = crypto.randomBytes(n); return r.byteLength + " " + Object.prototype.toString.call(r); });
  t("none", () => crypto.randomBytes());
  console.log(JSON.stringify(new Uint8Array(crypto.randomBytes(16))) === JSON.stringify(new Uint8Array(crypto.randomBytes(16))));
}
