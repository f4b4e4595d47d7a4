import crypto from "k6/crypto";
import * as ns from "k6/crypto";
import encoding from "k6/encoding";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
const inputs={str:"hello", empty:"", uni:"héllo\u{1F600}", lone:"\ud800x", ab:new Uint8Array([1,2,3]).buffer, u8:new Uint8Array([1,2,3]), sub:new Uint8Array([1,2,3,4,5]).subarray(1,3), i16:new Int16Array([1,-2]), dv:new DataView(new ArrayBuffer(3)), arr:[1,2,3], emptyarr:[], num:5, flt:1.5, nul:null, undef:undefined, bool:true, obj:{a:1}, date:new Date(0), fn:()=>1, big:5n, arrstr:["a"], arrbad:[300], sym:Symbol("s"), strobj:new String("q")};
const algs=["md4","md5","sha1","sha256","sha384","sha512","sha512_224","sha512_256","ripemd160"];
const encs=["hex","base64","base64url","base64rawurl","binary","","HEX",undefined,null,5,"x"];
export default function(){
 t("keys",()=>Object.keys(ns).sort().join()); t("dkeys",()=>Object.keys(crypto).sort().join());
 for(const a of algs) for(const e of encs) t(a+" "+String(e),()=>crypto[a]("hello",e));
 for(const a of algs) for(const k in inputs) t(a+" in "+k,()=>crypto[a](inputs[k],"hex"));
 for(const k in inputs) { t("hexEncode "+k,()=>crypto.hexEncode(inputs[k])); t("hmac data "+k,()=>crypto.hmac("sha256","k",inputs[k],"hex")); t("hmac key "+k,()=>crypto.hmac("sha256",inputs[k],"d","hex")); t("createHMAC key "+k,()=>{const h=crypto.createHMAC("sha256",inputs[k]); h.update("x"); return h.digest("hex")}); t("update "+k,()=>{const h=crypto.createHash("md5"); h.update(inputs[k]); return h.digest("hex")}); t("b64encode "+k,()=>encoding.b64encode(inputs[k])); t("b64decode "+k,()=>encoding.b64decode(inputs[k]));}
 for(const a of algs) for (const e of encs) { t("createHash "+a+" "+String(e),()=>{const h=crypto.createHash(a); h.update("hello"); return h.digest(e)}); t("hmac "+a+" "+String(e),()=>crypto.hmac(a,"key","hello",e)); t("createHMAC "+a,()=>{const h=crypto.createHMAC(a,"key"); h.update("hello"); return h.digest(e)}); }
  t("no args md5",()=>crypto.md5()); t("no args hmac",()=>crypto.hmac());  t("hexEncode none",()=>crypto.hexEncode());
  t("h obj",()=>{const h=crypto.createHash("sha256"); return Object.keys(h).join()+" "+Object.prototype.toString.call(h)+" "+typeof h.update+" "+JSON.stringify(h)+" "+String(h)});
 t("h chain",()=>{const h=crypto.createHash("sha256"); const r=h.update("a"); return (r===h)+" "+typeof r});
 t("h twice",()=>{const h=crypto.createHash("sha256"); h.update("a"); const x=h.digest("hex"); const y=h.digest("hex"); h.update("b"); return x+" "+y+" "+h.digest("hex")});
 t("hmac twice",()=>{const h=crypto.createHMAC("sha256","k"); h.update("a"); const x=h.digest("hex"); const y=h.digest("hex"); h.update("b"); return x+" "+y+" "+h.digest("hex")});
 t("h none",()=>crypto.createHash("sha1").digest("hex")); t("h upd none",()=>{const h=crypto.createHash("sha1"); h.update(); return h.digest("hex")}); t("dig none",()=>{const h=crypto.createHash("sha1"); h.update("a"); return h.digest()});
 t("long key",()=>crypto.hmac("md4","k".repeat(200),"d","hex")); t("long key r",()=>crypto.hmac("ripemd160","k".repeat(200),"d","hex"));
 const long="abcdefghij".repeat(30); for (const n of [0,1,55,56,57,63,64,65,119,120,128,129,300]) for (const a of ["md4","ripemd160"]) t(a+" len "+n,()=>crypto[a](long.slice(0,n),"hex"));
 t("assign",()=>{crypto.foo=1; return crypto.foo}); 
}
