// conformance: {"args":["--verbose"],"ignore":["log"]}
export default function () {
  console.debug("d", { a: 1 });
  console.info("i");
}
