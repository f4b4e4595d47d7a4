import {randomSeed} from "k6";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
export default function(){ for(const s of [42,0,1,-1,123456789,2147483647,2147483648,9007199254740991,-9007199254740993, 1.9, "7", true]) { randomSeed(s); console.log(String(s), Math.random(),Math.random(),Math.random()); } 
 for (const s of [undefined,null,"x",NaN,{},[5],1e20,Infinity]) t("seed "+String(s),()=>{randomSeed(s); return Math.random()}); t("none",()=>{randomSeed();return Math.random()});
 randomSeed(42); const a=[]; for(let i=0;i<1000;i++) a.push(Math.random()); console.log(a[605],a[606],a[607],a[999], a.reduce((x,y)=>x+y)); }
