import timers from "k6/timers";
import * as ns from "k6/timers";
import {sleep} from "k6";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
t("init timer",()=>setTimeout(()=>console.log("init fired"),1));
export default async function(){
 t("keys",()=>Object.keys(ns).sort().join()+" "+(timers.setTimeout===setTimeout)); 
 t("st",()=>setTimeout(()=>{},0)); t("si",()=>{const i=setInterval(()=>{},0); clearInterval(i); return i}); t("ts",()=>timers.setTimeout(()=>{},0));
 for(const v of ["code",undefined,null,5,{}]) { t("bad st "+v,()=>setTimeout(v,1)); t("bad si "+v,()=>setInterval(v,1)); } t("none",()=>setTimeout()); t("none si",()=>setInterval());
 for(const v of [undefined,null,"5",-5,NaN,1.7,{}, "x", true, []]) t("delay "+v,()=>typeof setTimeout(()=>{},v)); t("sym",()=>setTimeout(()=>{},Symbol("x"))); t("bigint",()=>typeof setTimeout(()=>{},1n));
 for(const v of [undefined,null,999,"1","x",{},-1,NaN]) { t("clear "+v,()=>clearTimeout(v)); t("cleari "+v,()=>clearInterval(v)); } t("clear none",()=>clearTimeout()); t("sym",()=>clearTimeout(Symbol("a")));
 const log=[]; setTimeout(()=>log.push("t0"),0); setTimeout(()=>log.push("t5"),5); setTimeout(()=>log.push("t0b"),0); setTimeout(()=>log.push("t5b"),5); setTimeout(()=>log.push("t1"),1); Promise.resolve().then(()=>log.push("micro")); log.push("sync");
 await new Promise(r=>setTimeout(r,30)); console.log(log.join());
 let n=0; await new Promise(r=>{const id=setInterval(()=>{ if(++n===3){clearInterval(id); r()} },2)}); console.log("interval",n);
 setTimeout((...a)=>console.log("args",a.length,JSON.stringify(a)),1,1,"b",{c:3});
 const c=setTimeout(()=>console.log("never"),10); clearInterval(c);
 let k=0; const id=setInterval((x)=>{ console.log("tick",x,++k); if(k===2) clearTimeout(id) },3,"arg");
 await new Promise(r=>setTimeout(r,20));
 setTimeout(()=>{sleep(0.01); console.log("slept in timer")},1); setTimeout(()=>console.log("after sleeper"),2);
 const order=[]; setTimeout(()=>{order.push(1); Promise.resolve().then(()=>order.push("m"))},0); setTimeout(()=>order.push(2),0); await new Promise(r=>setTimeout(r,15)); console.log(order.join());
 setTimeout(()=>{ setTimeout(()=>console.log("nested"),0) },0);
 console.log("end of default");
}
