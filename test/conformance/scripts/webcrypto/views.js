
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
const S=crypto.subtle; const sub=new Uint8Array([9,9,1,2,3,9]).subarray(2,5); const one=new Uint8Array([1,2,3]), all=new Uint8Array([9,9,1,2,3,9]);
export default async function(){
 const k=await S.importKey("raw",one,{name:"HMAC",hash:"SHA-1"},true,["sign","verify"]); const h=async(kk,d)=>hex(await S.sign("HMAC",kk,d));
 console.log("sign sub==one",await h(k,sub)===await h(k,one),"sub==all",await h(k,sub)===await h(k,all));
 const ks=await S.importKey("raw",sub,{name:"HMAC",hash:"SHA-1"},true,["sign"]); console.log("import",hex(await S.exportKey("raw",ks)));
 const a=await S.importKey("raw",new Uint8Array(16),"AES-CBC",true,["encrypt","decrypt"]); const iv=new Uint8Array(20).subarray(2,18); await ta("iv sub",()=>S.encrypt({name:"AES-CBC",iv},a,one)); await ta("data sub",()=>S.encrypt({name:"AES-CBC",iv:new Uint8Array(16)},a,sub)); await ta("data all",()=>S.encrypt({name:"AES-CBC",iv:new Uint8Array(16)},a,all));
 const r=new Uint8Array(64); crypto.getRandomValues(r.subarray(8,16)); console.log(r.slice(0,8).every(x=>x===0), r.slice(16).every(x=>x===0));
}
