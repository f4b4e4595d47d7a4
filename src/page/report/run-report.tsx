/** One run, from the answer to what it rests on. */
import type { JSX } from "preact";
import { Card } from "../components/card.tsx";
import { Figures } from "../components/figures.tsx";
import { Again, Background, Facts } from "./background.tsx";
import { Banner, RedFlags, Scorecard } from "./banner.tsx";
import { Charts } from "./charts.tsx";
import { Endpoints } from "./endpoints.tsx";
import { Exchanges } from "./exchanges.tsx";
import { Latency } from "./latency.tsx";
import type { RunData } from "./report-data.ts";
import { Metrics, Results } from "./results.tsx";
import { Generator, Target } from "./sides.tsx";

/** The parts that links lead to, in their order. */
export const runParts: readonly (readonly [id: string, title: string])[] = [
  ["verdict", "Verdict"],
  ["scorecard", "Scorecard"],
  ["flags", "Red flags"],
  ["charts", "Over time"],
  ["latency", "Latency"],
  ["endpoints", "Endpoints"],
  ["exchanges", "Requests"],
  ["checks", "Checks"],
  ["thresholds", "Thresholds"],
  ["generator", "Generator"],
  ["target", "Target"],
  ["metrics", "Metrics"],
  ["environment", "Environment"],
  ["again", "Run it again"],
];

export function RunReport({ run }: { readonly run: RunData }): JSX.Element {
  return (
    <>
      <Banner banner={run.banner} />
      <Card id="figures" title="Key figures" note={run.figuresNote}>
        <Figures figures={run.figures} />
        <Facts facts={run.facts} />
      </Card>
      <Scorecard rows={run.scorecard} />
      <RedFlags flags={run.flags} />
      <Card id="charts" title="Over time" isLong>
        <Charts group={run.charts} />
      </Card>
      <Latency latency={run.latency} />
      <Endpoints endpoints={run.endpoints} />
      <Exchanges exchanges={run.exchanges} />
      <Results checks={run.checks} thresholds={run.thresholds} exceptions={run.exceptions} />
      <Generator generator={run.generator} />
      <Target target={run.target} />
      <Metrics metrics={run.metrics} />
      <Background run={run} />
      <Again again={run.again} />
    </>
  );
}
