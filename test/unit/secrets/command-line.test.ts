/** Command lines that are kept in records show no secret. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concealArguments } from "../../../src/secrets/index.ts";

describe("concealArguments", () => {
  it("hides values of variables that are secrets by their names, however short", () => {
    const given = ["run", "-e", "API_TOKEN=x", "-eDB_PASSWORD=y", "--env=JWT=a=b", "load.js"];
    assert.deepEqual(concealArguments(given), [
      "run",
      "-e",
      "API_TOKEN=***",
      "-eDB_PASSWORD=***",
      "--env=JWT=***",
      "load.js",
    ]);
  });

  it("leaves everything else as it was given", () => {
    const given = [
      "run",
      "--dau=100000",
      "-e",
      "BASE_URL=http://127.0.0.1:1",
      "--tag",
      "key",
      "a b.js",
    ];
    assert.deepEqual(concealArguments(given), given);
  });

  it("hides what a source of secrets holds, but for the path of a file", () => {
    const given = [
      "--secret-source",
      "mock=a=b,c=d",
      "--secret-source=url=urlTemplate=http://x/{key}",
      "--secret-source=file=secrets.env",
    ];
    assert.deepEqual(concealArguments(given), [
      "--secret-source",
      "mock=***",
      "--secret-source=url=***",
      "--secret-source=file=secrets.env",
    ]);
  });
});
