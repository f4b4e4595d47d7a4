import assert from "node:assert/strict";
import { test } from "node:test";
import type { Logger } from "../../../src/base/log.ts";
import { activeFeatures, featureTags } from "../../../src/run/features.ts";

test("features are told, unknown ones as an error, and active ones become tags of the run", () => {
  const lines: unknown[] = [];
  const logger: Logger = { log: (...line) => void lines.push(line) };
  const active = activeFeatures(
    { names: ["nope", " freeze-env", "freeze-env", ""], source: "cli" },
    logger,
  );
  assert.deepEqual(active, ["freeze-env"]);
  assert.deepEqual(lines, [
    ["error", "Unknown feature flag", { feature: "nope", outcome: "unknown", source: "cli" }],
    ["info", "Experimental feature enabled", { feature: "freeze-env", lifecycle: "experimental" }],
  ]);
  assert.deepEqual(featureTags(active), { k6_feature_freeze_env: "true" });
});
