// conformance: {"with":["lib"]}
const h=require("k6/http"); const l=require("./lib/lib.js"); export default function(){ console.log(typeof h.get, Object.keys(l).join(), l.a, l.default); try{require("k6")}catch(e){console.log(String(e))} }
