// conformance: {"with": ["lib"]}
import x509 from "k6/crypto/x509"; 
const files=["rsa","ec","dsa","pss","u8","e3","pss32"]; const pems=Object.fromEntries(files.map(f=>[f,open("lib/"+f+".pem")]));
const j=v=>JSON.stringify(v,(k,x)=>typeof x==="bigint"?"B"+x.toString().slice(0,12)+"/"+x.toString().length:typeof x==="function"?"FN":x);
export default function(){ for(const f of files){ const c=x509.parse(pems[f]); console.log(f,j({subject:c.subject})); console.log(f,j({issuer:c.issuer})); console.log(j({nb:c.notBefore,na:c.notAfter,alt:c.altNames,alg:c.signatureAlgorithm,fp:c.fingerPrint,pka:c.publicKey.algorithm})); } 

}
