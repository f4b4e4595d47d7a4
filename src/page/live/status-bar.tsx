/** What must always be in sight: where the run stands, how the generator is, and whether the page still hears of it. */
import type { JSX } from "preact";
import { formatClock } from "../../base/numbers.ts";
import { ThemeSelect } from "../components/theme.tsx";
import { Badge, type Tone } from "../components/tone.tsx";
import type { GeneratorStatus, Stage } from "./feed.ts";
import type { Connection, Live } from "./model.ts";

const stages: Readonly<Record<Stage, string>> = {
  waiting: "waiting",
  preparing: "initialising VUs",
  paused: "paused",
  setup: "setup",
  ramp: "ramp",
  steady: "steady state",
  teardown: "teardown",
  ended: "ended",
};

const connections: Readonly<Record<Connection, readonly [tone: Tone, text: string]>> = {
  connecting: ["neutral", "connecting"],
  live: ["good", "live"],
  lost: ["bad", "connection lost"],
  closed: ["neutral", "closed"],
};

export const generatorTones: Readonly<Record<GeneratorStatus["status"], Tone>> = {
  healthy: "good",
  warning: "warning",
  saturated: "bad",
};

export function StatusBar({
  live,
  connection,
}: {
  readonly live: Live | undefined;
  readonly connection: Connection;
}): JSX.Element {
  const [tone, text] = connections[connection];
  return (
    <header class="status-bar">
      <div class="status-inner">
        <h1 class="status-script">
          <span class="status-brand">lakh</span>{" "}
          <bdi>{live?.head === null || live === undefined ? "live" : live.head.script}</bdi>
        </h1>
        <div class="status-items">
          {live === undefined || live.head === null ? null : (
            <>
              <Progress live={live} />
              <Generator generator={live.status.generator} />
            </>
          )}
          <Badge tone={tone}>
            <span data-testid="connection">{text}</span>
          </Badge>
        </div>
        <ThemeSelect />
      </div>
      {live === undefined ? null : <Bar live={live} />}
    </header>
  );
}

function Progress({ live: { status, head, steps } }: { readonly live: Live }): JSX.Element {
  const running = steps.find(({ state }) => state === "running");
  const planned = head?.plannedMs ?? null;
  const left = planned === null ? null : Math.max(0, planned - status.elapsedMs);
  const isOver = status.end !== null || status.stage === "teardown";
  return (
    <>
      {running === undefined ? null : (
        <span class="status-text">
          {running.kind} {running.number}
          {running.of === null ? "" : ` of ${running.of}`}
        </span>
      )}
      <Badge tone={status.stage === "paused" ? "warning" : "neutral"}>
        <span data-testid="stage">{stages[status.stage]}</span>
      </Badge>
      <span class="status-text">
        <span class="visually-hidden">elapsed </span>
        <strong data-testid="elapsed">{formatClock(status.elapsedMs)}</strong>
        {planned === null ? "" : ` of ${formatClock(planned)}`}
        {left === null || isOver ? null : (
          <span class="status-left">, {formatClock(left)} left</span>
        )}
      </span>
    </>
  );
}

function Generator({ generator }: { readonly generator: GeneratorStatus | null }): JSX.Element {
  const tone = generator === null ? "neutral" : generatorTones[generator.status];
  return (
    <a class="status-generator" href="#generator" title={generator?.sentence}>
      <Badge tone={tone}>
        <span data-testid="generator">generator {generator?.status ?? "not judged yet"}</span>
      </Badge>
    </a>
  );
}

function Bar({ live: { status, head } }: { readonly live: Live }): JSX.Element | null {
  const planned = head?.plannedMs ?? null;
  if (planned === null || planned <= 0) return null;
  const share = status.end === null ? Math.min(1, status.elapsedMs / planned) : 1;
  return (
    <progress class="status-progress" aria-label="part of the planned time" max={1} value={share} />
  );
}
