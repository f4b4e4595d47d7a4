// conformance: {"with": ["lib"]}
import x509 from "k6/crypto/x509";
import * as ns from "k6/crypto/x509";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
const files=["rsa","ec","ed","dsa","pss","u8","e3","pss32"]; const pems=Object.fromEntries(files.map(f=>[f,open("lib/"+f+".pem")])); const key=open("lib/ed.pem").replace("MII","AAA"); const bin=open("lib/rsa.pem","b");
export default function(){
 t("keys",()=>Object.keys(ns).sort().join());
 for(const f of files){ for(const m of ["getAltNames","getIssuer","getSubject","parse"]) t(f+" "+m,()=>JSON.stringify(x509[m](pems[f]))); }
 for(const v of ["","x",key,null,undefined,5,{}, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", pems.rsa+pems.ec, "junk\n"+pems.ec, pems.ec.replace(/CERTIFICATE/g,"X509 CERTIFICATE")]) for(const m of ["parse","getSubject","getIssuer","getAltNames"]) t(m+" bad "+String(v).slice(0,20),()=>JSON.stringify(x509[m](v)).slice(0,150));
 t("bin",()=>x509.parse(bin)); t("none",()=>x509.parse());
 t("fp",()=>{const c=x509.parse(pems.ec); return c.fingerPrint instanceof Uint8Array ? "u8":Object.prototype.toString.call(c.fingerPrint)+c.fingerPrint.length+typeof c.fingerPrint[0]});
 t("key n",()=>{const c=x509.parse(pems.rsa); return Object.prototype.toString.call(c.publicKey.key.n)+String(c.publicKey.key.n).slice(0,40)+JSON.stringify(c.publicKey.key.e)+ typeof c.publicKey.key.n});
}
