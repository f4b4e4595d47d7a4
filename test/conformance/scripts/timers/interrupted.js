import {sleep} from "k6";
export const options={iterations:2};
export default function(){ setTimeout(()=>{throw new Error("in timer")},1); setTimeout(()=>console.log("later"),20); setInterval(()=>console.log("iv"),5) }
