// conformance: {"stdin":true,"steps":[["archive","-O","a.tar","{script}"],["run","a.tar"]],"ignore":["stdout"]}
export default function () { console.log('archived from standard input'); }
