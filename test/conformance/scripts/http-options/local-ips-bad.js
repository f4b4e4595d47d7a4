// conformance: {"env":{"K6_LOCAL_IPS":"127.0.0.4-127.0.0.2"}}
export default function () {
  console.log("never");
}
