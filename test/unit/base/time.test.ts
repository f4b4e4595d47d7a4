import assert from "node:assert/strict";
import { test } from "node:test";
import { formatGoSeconds, formatGoTime } from "../../../src/base/time.ts";

process.env["TZ"] = "Asia/Kolkata";

test("an instant is written in the local zone, its fraction without trailing zeros", () => {
  const at = Date.parse("2026-08-01T10:00:00Z");
  assert.equal(formatGoTime(at), "2026-08-01T15:30:00+05:30");
  assert.equal(formatGoTime(at + 120), "2026-08-01T15:30:00.12+05:30");
  assert.equal(formatGoTime(at + 0.001), "2026-08-01T15:30:00.000001+05:30");
  assert.equal(formatGoTime(at + 999.9999), "2026-08-01T15:30:01+05:30");
  assert.equal(formatGoSeconds(at + 999.9), "2026-08-01T15:30:00+05:30");
});
