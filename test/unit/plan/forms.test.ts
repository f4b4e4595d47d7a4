import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  computeDemand,
  computeWorkload,
  type DemandInput,
  type LoadForm,
  loadForms,
  type Workload,
} from "../../../src/plan/index.ts";

function plan(
  input: Partial<DemandInput>,
  requestsPerIteration = 4,
): { forms: LoadForm[]; workload: Workload } {
  const demand = computeDemand({ dau: 100_000, peakToAverage: 1.8, ...input });
  const profile = { requestsPerIteration, iterationDurationMs: 1_800, isMeasured: true };
  const workload = computeWorkload(demand, profile);
  return { forms: loadForms(demand, workload), workload };
}

/** Requests/s that an open form's options offer. */
function offered(form: LoadForm, requestsPerIteration: number): number {
  const { users } = form.options["scenarios"] as { users: { rate: number; timeUnit: string } };
  const seconds: Record<string, number> = { "1s": 1, "10s": 10, "1m40s": 100 };
  return (users.rate / seconds[users.timeUnit]!) * requestsPerIteration;
}

describe("the forms of a load", () => {
  it("recommend open arrivals when nothing is known of sessions", () => {
    const { forms } = plan({});
    assert.deepEqual(
      forms.map(({ id, isRecommended }) => [id, isRecommended]),
      [
        ["open", true],
        ["open-few-vus", false],
        ["closed", false],
      ],
    );
  });

  it("offer the same rate: 500 requests/s by iterations of 4 and by sessions of 20", () => {
    const { forms } = plan({ requestsPerSession: 20 });
    const byId = new Map(forms.map((form) => [form.id, form]));
    assert.equal(offered(byId.get("open")!, 4), 500);
    assert.equal(offered(byId.get("open-few-vus")!, 4), 500);
    assert.equal(offered(byId.get("sessions")!, 20), 500);
    // 5,000 users, each with 4 requests in 40 s.
    assert.deepEqual(byId.get("closed")!.options, {
      minIterationDuration: "40s",
      scenarios: { users: { executor: "constant-vus", vus: 5_000 } },
    });
  });

  it("recommend sessions only where an iteration is one", () => {
    assert.equal(plan({ requestsPerSession: 20 }).forms[0]?.id, "open");
    const whole = plan({ requestsPerSession: 20 }, 19);
    assert.equal(whole.forms[0]?.id, "sessions");
    assert.deepEqual(
      whole.forms.filter(({ isRecommended }) => isRecommended).map(({ id }) => id),
      ["sessions"],
    );
  });

  it("have VUs for the sessions that go on at once, and a fifth more", () => {
    const { sessions } = plan({ requestsPerSession: 20, sessionSeconds: 600 }).workload;
    assert.equal(sessions?.preAllocatedVus, 18_000);
    assert.equal(sessions.iterationDurationMs, 600_000);
  });
});

describe("an iteration that is no session", () => {
  const findingOf = (requestsPerIteration: number): string | undefined =>
    plan({ requestsPerSession: 20 }, requestsPerIteration).workload.findings.find(
      ({ code }) => code === "session-split",
    )?.message;

  it("does what users do once a session too often, or too rarely", () => {
    assert.match(findingOf(4)!, /does 5 times as often as they do/u);
    assert.match(findingOf(40)!, /does 0\.5 times as often as they do/u);
  });

  it("is told apart from one that is, within a tenth", () => {
    assert.equal(findingOf(19), undefined);
    assert.equal(findingOf(21), undefined);
  });
});
