// conformance: {"env":{"K6_DNS":"select=any"}}
export default function () {
  console.log("never");
}
