const c={a:1}; c.self=c; const arr=[1]; arr.push(arr);
class A{constructor(){this.x=1} get y(){return 2} m(){}}
class B extends Error{constructor(m){super(m);this.name="BErr";this.extra=1}}
const vals={
 str:"x", nested:{s:"a\"b\n\u0001<>&é\u2028"}, arr:[1,"y",null,undefined,[],{}], sparse:[1,,3], undef:undefined, nul:null, num:1.5, big:1e21, small:1e-7, neg0:-0, nan:NaN, inf:Infinity, negInf:-Infinity,
 nestedNum:[1e21,1e-7,-0,NaN,Infinity,100000000000000000000,0.1+0.2, 123456789012], bool:true, bigint:10n, nestBig:{b:10n},
 sym:Symbol("q"), nestSym:{s:Symbol("q")}, fn:function foo(){}, arrow:()=>1, cls:A, nestFn:{f(){} , g:()=>1, c:A}, inst:new A(), err:new Error("e"), terr:new TypeError("te"), berr:new B("bm"), nestErr:{e:new Error("x")}, arrErr:[new TypeError("z")],
 emptyErr:new Error(), objLikeErr:{name:"E",message:"m"}, date:new Date(0), nestDate:{d:new Date(1234)}, badDate:new Date(NaN), map:new Map([[1,2]]), set:new Set([1]), wm:new WeakMap(), re:/a/g, nestRe:{r:/a/g},
 u8:new Uint8Array([1,2]), i16:new Int16Array([1,-2]), f32:new Float32Array([1.5,2]), f64:new Float64Array([1.5,NaN]), bi64:new BigInt64Array([1n,2n]), u8c:new Uint8ClampedArray([300]), emptyU8:new Uint8Array(0), bigU8:new Uint8Array(200), ab:new ArrayBuffer(3), emptyAb:new ArrayBuffer(0), bigAb:new ArrayBuffer(100), dv:new DataView(new ArrayBuffer(2)), nestAb:{a:new ArrayBuffer(2),u:new Uint8Array(2)},
 circ:c, circArr:arr, args:(function(){return arguments})(1,2), prom:Promise.resolve(3), strObj:new String("s"), numObj:new Number(4), boolObj:new Boolean(false), nestStrObj:{a:new String("s")}, toJSON:{toJSON(){return {z:1}}}, toJSONstr:{toJSON(){return "q"}}, toJSONthrow:{toJSON(){throw new Error("tj")}}, getterThrow:{get a(){throw new Error("gt")}}, nullProto:Object.create(null), proxied:new Proxy({a:1},{}), keys:{"a b":1,"1":2,"é":3,a_b:4,[Symbol("k")]:5}, long:Array.from({length:200},(_, i)=>i), longStr:"x".repeat(20), deep:{a:{b:{c:{d:{e:{f:{g:1}}}}}}}, json:JSON, math:Math, gen:(function*(){})(), genfn:function*(){}, asyncfn:async()=>1, ne:Object.defineProperty({a:1},"hid",{value:2,enumerable:false}), toStr:{toString(){return "TS"}}, inherit:Object.create({p:1}), shared: (()=>{const s={v:1}; return {a:s,b:s}})(), aggr:new AggregateError([new Error("1")],"ag"), cause:new Error("c",{cause:"x"}), wr:typeof console, con:console,
 regexArr:[/x/], arrExtra:Object.assign([1],{k:2}), iter:[1][Symbol.iterator](), undefArr:[undefined]
};
export default function(){
 for(const k of Object.keys(vals)){ try{ console.log(k, vals[k]); }catch(e){ console.log(k+" THREW "+e.name+": "+e.message) } }
 console.log(); console.log(""); console.log("a","b"); console.log("%s %d","x",1); console.log(undefined); console.log(null); console.log([null]); console.log("multi\nline\ttab \"q\" \\ é \u0001 \u2028");
 console.error("e"); console.warn("w"); console.info("i"); console.debug("d");
 console.log(Object.keys(console).sort().join(), typeof console.table, typeof console.assert, Object.prototype.toString.call(console));
 const {log}=console; log("detached"); [1,2].forEach(console.log);
}
