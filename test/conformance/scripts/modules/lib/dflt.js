export default function(){ console.log("re-exported") }
