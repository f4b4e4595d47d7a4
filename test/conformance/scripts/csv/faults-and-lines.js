// conformance: {"with":["lib"]}
import csv from "k6/experimental/csv";
import fs from "k6/experimental/fs";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
for(const n of ["b1","b2","b3","b4","b5","b6"]) { await ta(n,async()=>JSON.stringify(await csv.parse(await fs.open("lib/"+n+".csv")))); await ta(n+"o",async()=>JSON.stringify(await csv.parse(await fs.open("lib/"+n+".csv"),{asObjects:true}))); }
const f=await fs.open("lib/d.csv"); await f.seek(9,0); await ta("from offset",async()=>JSON.stringify(await csv.parse(f))); await ta("pos after",()=>f.seek(0,1)); const g=await fs.open("lib/d.csv"); const p=new csv.Parser(g); await p.next(); await ta("pos parser",()=>g.seek(0,1)); const pe=new csv.Parser(await fs.open("lib/b1.csv")); await ta("bad",()=>pe.next()); await ta("bad",()=>pe.next());
for (const o of [{fromLine:3,toLine:0},{fromLine:0,toLine:0},{fromLine:undefined},{toLine:undefined},{toLine:null},{fromLine:null},{fromLine:2,toLine:2},{fromLine:1,toLine:null}]) await ta(JSON.stringify(o),async()=>(await csv.parse(await fs.open("lib/d.csv"),o)).length);
export default function(){}
