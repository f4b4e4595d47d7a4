import crypto from "k6/crypto";
function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
export default function(){
const inputs={map:new Map([[1,2]]),set:new Set([1]),re:/a/,err:new Error("x"),prom:Promise.resolve(1),u8c:new Uint8ClampedArray([1]),i8:new Int8Array(1),f32:new Float32Array(1),f64:new Float64Array(1),bi:new BigInt64Array(1),bu:new BigUint64Array(1),u16:new Uint16Array(1),u32:new Uint32Array(1),i32:new Int32Array(1),num:new Number(1),bool:new Boolean(true),wm:new WeakMap(),cls:class A{},arrow:()=>1,gen:function*(){},args:(function(){return arguments})(1), neg0:-0, big:1e20, int:2**53, f:3.0, inf:Infinity, sym:Symbol(), http:crypto, inst:new (class Q{}), np:Object.create(null), json:JSON, math:Math, fnbound:(function(){}).bind(1), native:parseInt, async:async()=>1, it:[][Symbol.iterator](), aggr:new AggregateError([]), gerr:(()=>{try{crypto.md5(5,"hex")}catch(e){return e}})()};
for(const k in inputs) t(k,()=>crypto.md5(inputs[k],"hex"));
t("createHash twice", ()=>{const h=crypto.createHash("sha1"); const u=h.update("a"); return typeof u});
t("GoError fn", ()=>GoError("q").message);
}
