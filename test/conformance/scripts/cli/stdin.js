// conformance: {"stdin":true,"args":["-i","2"]}
export default function () { console.log('from standard input'); }
