// conformance: {"args":["--dns","ttl=soon"]}
export default function () {
  console.log("never");
}
