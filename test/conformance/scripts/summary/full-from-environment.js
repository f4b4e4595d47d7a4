// conformance: {"env":{"K6_SUMMARY_MODE":"full"},"summaryText":true}
import { group } from "k6";
import { Counter } from "k6/metrics";

const counter = new Counter("a_counter");
export const options = { vus: 1, iterations: 1 };

export default function () {
  group("only", () => counter.add(1));
}
