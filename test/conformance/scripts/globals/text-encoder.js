function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
export default function () {
 t("encode",()=>{const e=new TextEncoder(); return [e.encoding, e.encode("\u00e9").length, e.encode().length].join("|")});
 t("without new",()=>TextEncoder());
 t("TE num",()=>new TextEncoder().encode(123)); t("TE null",()=>new TextEncoder().encode(null)); t("TE undef",()=>new TextEncoder().encode(undefined)); t("TE lone",()=>new TextEncoder().encode("\ud800")); t("TE arg",()=>new TextEncoder("latin1").encoding);
}
