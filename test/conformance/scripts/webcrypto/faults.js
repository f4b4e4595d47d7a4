// conformance: {"with": ["lib"]}

function t(name, f){ let r; try{ r=f(); r=show(r) }catch(e){ r="THREW "+e+" | name="+(e&&e.name)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
async function ta(name, f){ let r; try{ r=show(await f()) }catch(e){ r="REJ "+e+" | name="+(e&&e.name)+" | msg="+(e&&e.message)+" | ctor="+(e&&e.constructor&&e.constructor.name)+" | isErr="+(e instanceof Error) } console.log(name+" => "+r) }
function show(v){ if(v instanceof ArrayBuffer) return "AB["+hex(v)+"]"; if(ArrayBuffer.isView(v)) return v.constructor.name+"["+hex(v.buffer)+"]"; if(typeof v==="object"&&v!==null) return Object.prototype.toString.call(v)+" "+JSON.stringify(v); if(typeof v==="function") return "fn "+v.name+"/"+v.length; return typeof v+" "+String(v) }
function hex(b){ return [...new Uint8Array(b)].map(x=>x.toString(16).padStart(2,"0")).join("") }
const S=crypto.subtle; const U=(...a)=>new Uint8Array(a); const data=U(1,2,3);
const ecp8=open("lib/ec.p8","b"), ecspki=open("lib/ec.spki","b");
const E=(n,f)=>ta(n,f);
export default async function(){
 const hm=await S.importKey("raw",data,{name:"HMAC",hash:"SHA-256"},true,["sign","verify"]);
 await E("sign num",()=>S.sign("HMAC",5,data)); 
 await E("sign str",()=>S.sign("HMAC","x",data)); 
 await E("verify num",()=>S.verify("HMAC",5,data,data)); 
 await E("verify obj",()=>S.verify("HMAC",{},data,data)); 
 await E("decrypt obj",()=>S.decrypt({name:"AES-CBC",iv:new Uint8Array(16)},{},data)); 
 await E("decrypt num",()=>S.decrypt({name:"AES-CBC",iv:new Uint8Array(16)},5,data)); 
 await E("bits obj",()=>S.deriveBits({name:"PBKDF2",salt:data,iterations:1,hash:"SHA-1"},{},8)); 
 await E("bits num",()=>S.deriveBits({name:"PBKDF2",salt:data,iterations:1,hash:"SHA-1"},5,8)); 
 await E("dkey num",()=>S.deriveKey({name:"PBKDF2",salt:data,iterations:1,hash:"SHA-1"},5,{name:"AES-CBC",length:128},true,["encrypt"])); 
 await E("usages str",()=>S.generateKey({name:"AES-CBC",length:128},true,"encrypt")); 
 await E("usages num",()=>S.generateKey({name:"AES-CBC",length:128},true,[5])); 
 await E("usages obj",()=>S.generateKey({name:"AES-CBC",length:128},true,{})); 
 await E("imp usages str",()=>S.importKey("raw",data,{name:"HMAC",hash:"SHA-256"},true,"sign")); 
 await E("imp badhash",()=>S.importKey("raw",data,{name:"HMAC",hash:"MD5"},true,["sign"])); 
 await E("imp rsa badhash",()=>S.importKey("spki",data,{name:"RSA-PSS",hash:"MD5"},true,["verify"])); 
 await E("imp num",()=>S.importKey("raw",5,{name:"HMAC",hash:"SHA-256"},true,["sign"])); 
 await E("imp fmt num",()=>S.importKey(5,data,{name:"HMAC",hash:"SHA-256"},true,["sign"])); 
 await E("imp jwk arr",()=>S.importKey("jwk",[1],{name:"HMAC",hash:"SHA-256"},true,["sign"])); 
 await E("imp jwk num",()=>S.importKey("jwk",5,{name:"HMAC",hash:"SHA-256"},true,["sign"])); 
 await E("imp jwk k num",()=>S.importKey("jwk",{kty:"oct",k:5},{name:"HMAC",hash:"SHA-256"},true,["sign"])); 
 await E("imp jwk std b64",async()=>hex(await S.exportKey("raw",await S.importKey("jwk",{kty:"oct",k:"++//"},{name:"HMAC",hash:"SHA-256"},true,["sign"])))); 
 await E("imp jwk pad",async()=>hex(await S.exportKey("raw",await S.importKey("jwk",{kty:"oct",k:"AA=="},{name:"HMAC",hash:"SHA-256"},true,["sign"])))); 
 await E("imp jwk no kty",()=>S.importKey("jwk",{k:"AA"},{name:"HMAC",hash:"SHA-256"},true,["sign"])); 
 await E("imp ec jwk str",()=>S.importKey("jwk","x",{name:"ECDSA",namedCurve:"P-256"},true,["sign"])); 
 await E("imp ec jwk nox",()=>S.importKey("jwk",{kty:"EC",crv:"P-256"},{name:"ECDSA",namedCurve:"P-256"},true,["verify"])); 
 await E("imp ec jwk crv",()=>S.importKey("jwk",{kty:"EC",crv:"P-1",x:"AA",y:"AA"},{name:"ECDSA",namedCurve:"P-256"},true,["verify"])); 
 await E("imp ec jwk nocrv",()=>S.importKey("jwk",{kty:"EC",x:"AA",y:"AA"},{name:"ECDSA",namedCurve:"P-256"},true,["verify"])); 
 await E("imp ec jwk b64",()=>S.importKey("jwk",{kty:"EC",crv:"P-256",x:"!!",y:"AA"},{name:"ECDSA",namedCurve:"P-256"},true,["verify"])); 
 await E("imp rsa jwk str",()=>S.importKey("jwk","x",{name:"RSA-PSS",hash:"SHA-1"},true,["sign"])); 
 await E("imp rsa jwk non",()=>S.importKey("jwk",{kty:"RSA"},{name:"RSA-PSS",hash:"SHA-1"},true,["verify"])); 
 await E("imp rsa jwk b64",()=>S.importKey("jwk",{kty:"RSA",n:"!!",e:"AQAB"},{name:"RSA-PSS",hash:"SHA-1"},true,["verify"])); 
 await E("gen ecdsa nestedcurve",()=>S.generateKey({name:"ECDSA",namedCurve:5},true,["sign"])); 
 await E("gen rsa exp arr",()=>S.generateKey({name:"RSA-PSS",modulusLength:1024,publicExponent:[1,0,1],hash:"SHA-1"},true,["sign"])); 
 await E("gen rsa exp 1",()=>S.generateKey({name:"RSA-PSS",modulusLength:1024,publicExponent:U(1),hash:"SHA-1"},true,["sign"])); 
 await E("gen rsa 0",()=>S.generateKey({name:"RSA-PSS",modulusLength:0,publicExponent:U(1,0,1),hash:"SHA-1"},true,["sign"])); 
 await E("gen rsa 512",()=>S.generateKey({name:"RSA-PSS",modulusLength:512,publicExponent:U(1,0,1),hash:"SHA-1"},true,["sign"])); 
 await E("gen rsa badhash",()=>S.generateKey({name:"RSA-PSS",modulusLength:1024,publicExponent:U(1,0,1),hash:"MD5"},true,["sign"])); 
 await E("gen rsa verifyonly",async()=>JSON.stringify((await S.generateKey({name:"RSA-PSS",modulusLength:1024,publicExponent:U(1,0,1),hash:"SHA-1"},true,["verify"])).privateKey.usages)); 
 await E("gen ecdh uses",async()=>{const k=await S.generateKey({name:"ECDH",namedCurve:"P-256"},true,["deriveBits","deriveKey"]); return JSON.stringify([k.publicKey.usages,k.privateKey.usages])}); 
 await E("ecdh 521",async()=>{const a=await S.generateKey({name:"ECDH",namedCurve:"P-521"},true,["deriveBits"]),b=await S.generateKey({name:"ECDH",namedCurve:"P-521"},true,["deriveBits"]); const x=await S.deriveBits({name:"ECDH",public:b.publicKey},a.privateKey,528); const y=await S.deriveBits({name:"ECDH",public:a.publicKey},b.privateKey,528); return x.byteLength+(hex(x)===hex(y))}); 
 await E("oaep wrap",async()=>{const k=await S.generateKey({name:"RSA-OAEP",modulusLength:1024,publicExponent:U(1,0,1),hash:"SHA-1"},true,["encrypt","decrypt","wrapKey","unwrapKey"]); return JSON.stringify([k.publicKey.usages,k.privateKey.usages])}); 
 await E("rsa verify only import priv",async()=>1);
 const ep=await S.importKey("pkcs8",ecp8,{name:"ECDSA",namedCurve:"P-256"},true,["sign"]); await E("ecdsa str",()=>S.sign("ECDSA",ep,data)); await E("pss key mismatch",()=>S.sign({name:"RSA-PSS",saltLength:1},ep,data)); await E("imp ec p8 verify",async()=>JSON.stringify((await S.importKey("pkcs8",ecp8,{name:"ECDSA",namedCurve:"P-256"},true,["verify"])).usages)); await E("imp ec raw use",async()=>JSON.stringify((await S.importKey("raw",ecspki.slice(26),{name:"ECDH",namedCurve:"P-256"},true,["deriveBits"])).usages)); await E("imp ecdh badusage",async()=>JSON.stringify((await S.importKey("pkcs8",ecp8,{name:"ECDH",namedCurve:"P-256"},true,["sign"])).usages)); await E("imp ec badcurve",()=>S.importKey("raw",ecspki.slice(26),{name:"ECDH",namedCurve:"X"},true,[])); await E("imp ec p8 nope",()=>S.importKey("nope",ecp8,{name:"ECDSA",namedCurve:"P-256"},true,["sign"])); await E("imp rsa nope",()=>S.importKey("nope",ecp8,{name:"RSA-PSS",hash:"SHA-1"},true,["sign"])); await E("imp pbk nope",()=>S.importKey("spki",ecp8,"PBKDF2",false,["deriveBits"])); await E("imp pbk empty",async()=>(await S.importKey("raw",U(),"PBKDF2",false,["deriveBits"])).type); await E("ecdh str data",()=>S.deriveBits({name:"ECDH",public:5},ep,8)); await E("obj nested err",()=>Promise.reject({e:1}));
 let err; try{await S.digest("MD5",data)}catch(e){err=e} console.log({err}); console.log([err]); console.log(err, "x");
}
