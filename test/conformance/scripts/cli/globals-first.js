// conformance: {"steps":[["-v","--log-format","text","run","-i","2","{script}"]],"ignore":["log","stdout"]}
export default function () { console.log('runs'); }
