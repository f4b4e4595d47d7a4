// conformance: {"with":["lib"]}
import fs, {SeekMode} from "k6/experimental/fs";
import * as ns from "k6/experimental/fs";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
const file=await fs.open("lib/d.csv"); const f2=await fs.open("./lib/d.csv"); const semi=await fs.open("lib/semi.csv");
await ta("open nope",()=>fs.open("nope.csv")); await ta("open dir",()=>fs.open(".")); await ta("open empty",()=>fs.open("")); await ta("open num",()=>fs.open(5)); await ta("open obj",()=>fs.open({})); 
let initd; 
export default async function(){
 t("keys",()=>Object.keys(ns).sort().join()+"|"+Object.keys(fs).sort().join()+"|"+[SeekMode.Start,SeekMode.Current,SeekMode.End,fs.SeekMode.End]); t("file",()=>Object.keys(file).join()+"|"+file.path+"|"+Object.prototype.toString.call(file)+JSON.stringify(file)+(file===f2)+file.constructor.name); console.log(file);
 await ta("stat",()=>file.stat()); await ta("stat keys",async()=>{const s=await file.stat(); return Object.keys(s)+" "+s.name+s.size});
 const rd=async n=>{const b=new Uint8Array(n); const k=await file.read(b); return k+":"+JSON.stringify(String.fromCharCode(...b.slice(0,k||0)))};
 await ta("read4",()=>rd(4)); await ta("read4",()=>rd(4)); await ta("seek cur",()=>file.seek(2,SeekMode.Current)); await ta("read4",()=>rd(4)); await ta("seek start",()=>file.seek(0,SeekMode.Start)); await ta("read all",()=>rd(1000)); await ta("read eof",()=>rd(4)); await ta("seek end",()=>file.seek(-3,SeekMode.End)); await ta("read",()=>rd(10)); await ta("seek end pos",()=>file.seek(3,SeekMode.End)); await ta("seek neg",()=>file.seek(-1,SeekMode.Start)); await ta("seek past",()=>file.seek(1000,SeekMode.Start)); await ta("seek whence",()=>file.seek(0,9)); await ta("seek none",()=>file.seek()); await ta("seek str",()=>file.seek("a",0)); await ta("seek one",()=>file.seek(1)); await ta("seek flt",()=>file.seek(1.7,0)); await ta("seek nul",()=>file.seek(null,0)); await ta("seek cur neg",()=>file.seek(-500,SeekMode.Current));
 await ta("read none",()=>file.read()); await ta("read null",()=>file.read(null)); await ta("read ab",()=>file.read(new ArrayBuffer(2))); await ta("read i16",()=>file.read(new Int16Array(2))); await ta("read empty",()=>file.read(new Uint8Array(0))); await ta("read str",()=>file.read("x")); await ta("read arr",()=>file.read([1,2])); await ta("read u8c",()=>file.read(new Uint8ClampedArray(2)));
 await ta("sub",async()=>{await file.seek(0,0); const b=new Uint8Array(8); const k=await file.read(b.subarray(2,5)); return k+":"+[...b]});
 await ta("f2 own offset",async()=>{const b=new Uint8Array(4); await f2.read(b); return String.fromCharCode(...b)});
 await ta("open in vu",()=>fs.open("lib/d.csv")); await ta("open none",()=>fs.open());
 await ta("partial",async()=>{await file.seek(-2,2); const b=new Uint8Array(5).fill(33); const k=await file.read(b); return k+":"+[...b]});
}
