// conformance: {"ignore":["log"]}
export const options = { ext: 5 };
export default function () { console.log('must not run'); }
