// conformance: {"command":"inspect"}
export default function () {}
