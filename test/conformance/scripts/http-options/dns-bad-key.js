// conformance: {"env":{"K6_DNS":"foo=1"}}
export default function () {
  console.log("never");
}
