import {sleep} from "k6";
export const options={iterations:1};
export default function(){ setTimeout(()=>{throw new Error("in timer")},1); setTimeout(()=>console.log("later"),1000); setInterval(()=>console.log("iv"),500) }
