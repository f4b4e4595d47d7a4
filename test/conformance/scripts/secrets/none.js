import secrets from "k6/secrets";
import * as ns from "k6/secrets";
import http from "k6/http";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
export const options={vus:1,iterations:1};
export default async function(){
 t("keys",()=>Object.keys(ns).join()+"|"+Object.keys(secrets).join()+"|"+typeof secrets.get);
 await ta("one",()=>secrets.get("one")); await ta("missing",()=>secrets.get("nope")); await ta("none",()=>secrets.get()); await ta("null",()=>secrets.get(null)); await ta("num",()=>secrets.get(5)); await ta("empty",()=>secrets.get(""));
 await ta("source",async()=>(await secrets.source("other")).get("two")); await ta("source nope",async()=>(await secrets.source("zzz")).get("two")); t("source sync",()=>Object.prototype.toString.call(secrets.source("other"))+Object.keys(secrets.source("other"))); t("source bad sync",()=>secrets.source("zzz")); t("source none",()=>secrets.source());
}
