import encoding from "k6/encoding";
import * as ns from "k6/encoding";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
export default function(){
 t("keys",()=>Object.keys(ns).sort().join()+" "+Object.keys(encoding).sort().join());
 const data=[ "hello world, ÿ?>", new Uint8Array([0xfb,0xff,0xbf,0x01]), "a","ab","abc",""];
 for(const e of ["std","rawstd","url","rawurl","",undefined,null,"nope","STD",5,{}]) for (const d of data) { t("enc "+String(e),()=>encoding.b64encode(d,e)); }
 const texts=["aGVsbG8=","aGVsbG8","aGVs*G8=","-_-_AQ==","+/+/AQ==","-_-_AQ","+/+/AQ","aGVs\nbG8=","aGVs bG8=","aGVsbG8= ","aGVsbG8=\n","=","==","====","a","ab","abc","abcd","abcde","ab=","ab==","ab===","abc=","abc==","a=bc","ab=c","abcd=","abcd====","aGVsbG9=","aGVsbG==","","é","aGVsbG8=x", "aGVsbG8=aGVsbG8=", "YWJ=", "YQ=\n=", "gICA", "/w==", "YWFh\r\nYmJi", "A===", "AA=A", "AA==AA==", "AAA=A"];
 for(const e of ["std","rawstd","url","rawurl","",undefined,null,"nope"]) for(const s of texts) for(const f of [undefined,"s","b","",null,5]) { if(f!==undefined&&f!=="s"&&e!=="std") continue; t("dec "+e+" "+JSON.stringify(s)+" "+f,()=>encoding.b64decode(s,e,f)); }
 t("none",()=>encoding.b64encode()); t("none",()=>encoding.b64decode()); t("num",()=>encoding.b64decode(1234)); t("bytes",()=>encoding.b64decode(new Uint8Array([97,71,86,115]),"std","s")); t("obj",()=>encoding.b64decode({},"std","s")); t("null",()=>encoding.b64decode(null,"std","s"));
 t("json", ()=>JSON.stringify(encoding.b64decode("/wA=","std","s")));
 t("badutf", ()=>[...encoding.b64decode("/wDDKA==","std","s")].map(c=>c.codePointAt(0).toString(16)).join());
}
