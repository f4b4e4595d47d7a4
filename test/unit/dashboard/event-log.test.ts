import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EventLog } from "../../../src/dashboard/event-log.ts";

const at = (wallMs: number, text: string): Parameters<EventLog["add"]>[0] => ({
  wallMs,
  atMs: wallMs,
  level: "info",
  text,
});

describe("EventLog", () => {
  it("keeps the latest 300, numbered on", () => {
    const log = new EventLog();
    for (let second = 0; second < 400; second++) log.add(at(second * 1_000, `event ${second}`));
    const all = log.all();
    assert.equal(all.length, 300);
    assert.deepEqual([all[0]!.text, all[0]!.id], ["event 100", 100]);
    assert.deepEqual(
      log.after(398).map(({ text }) => text),
      ["event 399"],
    );
    assert.equal(log.lastId, 399);
  });

  it("tells ten of a second, and then how many more there were", () => {
    const log = new EventLog();
    for (let index = 0; index < 5_000; index++) log.add(at(1_000, `event ${index}`));
    assert.equal(log.all().length, 10);
    log.add(at(2_500, "the next"));
    assert.deepEqual(
      log
        .all()
        .slice(-2)
        .map(({ text }) => text),
      ["and 4990 more in that second, which are in the log", "the next"],
    );
  });

  it("cuts a text without end", () => {
    const log = new EventLog();
    log.add(at(0, "x".repeat(10_000)));
    assert.equal(log.all()[0]!.text.length, 300);
  });
});
