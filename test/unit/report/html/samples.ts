/** Records for the page's tests: one of half an hour, and ways to look into the HTML. */
import type { DefaultTreeAdapterMap } from "parse5";
import { parse } from "parse5";
import type { EndpointRecord, RunRecord } from "../../../../src/record/index.ts";
import {
  healthyIntervals,
  healthyReadings,
  healthyRecord,
  observation,
} from "../../../support/record.ts";

type Node = DefaultTreeAdapterMap["node"];
export type Element = DefaultTreeAdapterMap["element"];

export function endpointOf(index: number, overrides: Partial<EndpointRecord> = {}): EndpointRecord {
  return {
    name: `/api/v1/items/${index}`,
    method: "GET",
    requests: 10_000 - index,
    failed: index % 7,
    avgMs: 20.123_456_789 + index,
    p50Ms: 18.987_654_321 + index,
    p90Ms: 40.123_456_789 + index,
    p95Ms: 60.123_456_789 + index,
    p99Ms: 90.123_456_789 + index,
    maxMs: 200.123_456_789 + index,
    ...overrides,
  };
}

/** Half an hour, second by second, with noise in every figure. */
export function longRecord(endpoints: readonly EndpointRecord[]): RunRecord {
  const seconds = 1_800;
  const noise = (second: number): number => Math.abs(Math.sin(second * 12.9898) * 43_758.5453) % 1;
  return healthyRecord({
    durationMs: seconds * 1_000,
    steadyState: { fromMs: 5_000, toMs: seconds * 1_000, rule: "full load" },
    endpoints,
    intervals: healthyIntervals(
      (second) => ({
        requests: 400 + Math.floor(noise(second) * 100),
        p50Ms: 20 + noise(second) * 3.123_456_789,
        p95Ms: 40 + noise(second + 1) * 13.123_456_789,
        p99Ms: 60 + noise(second + 2) * 33.123_456_789,
        activeVus: 30 + Math.floor(noise(second) * 20),
        bytesReceived: Math.floor(noise(second) * 1e6),
      }),
      seconds,
    ),
    generatorHealth: healthyReadings(
      (second) => ({
        loopUtilization: noise(second) * 0.4,
        loopDelayP99Ms: noise(second) * 3,
        cpuCores: noise(second),
        startLagP99Ms: noise(second) * 2,
        rssBytes: Math.floor(2e8 + noise(second) * 1e7),
      }),
      seconds,
    ),
    observations: [
      observation("cpu_cores", noise, seconds),
      observation("memory_bytes", (second) => Math.floor(3e8 + noise(second) * 1e7), seconds),
      { ...observation("event_loop_lag_ms", (second) => noise(second) * 20, seconds), unit: "ms" },
    ],
  });
}

export function parsed(html: string): Element {
  const problems: string[] = [];
  const document = parse(html, { onParseError: ({ code }) => problems.push(code) });
  if (problems.length > 0)
    throw new Error(`the HTML has faults: ${[...new Set(problems)].join(", ")}`);
  return document.childNodes.find((node) => node.nodeName === "html") as Element;
}

/** All elements within, depth first. */
export function elementsIn(node: Node): Element[] {
  const children = "childNodes" in node ? node.childNodes : [];
  const own = "tagName" in node ? [node] : [];
  return [...own, ...children.flatMap(elementsIn)];
}

export function textOf(node: Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

export function attributeOf(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

export function byId(root: Element, id: string): Element {
  const found = elementsIn(root).find((element) => attributeOf(element, "id") === id);
  if (found === undefined) throw new Error(`no element #${id}`);
  return found;
}
