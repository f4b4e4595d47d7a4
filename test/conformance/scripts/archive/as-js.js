// conformance: {"steps":[["archive","-O","a.tar","{script}"],["run","-t","js","a.tar"]],"ignore":["log"]}
export default function () { console.log('must not run'); }
