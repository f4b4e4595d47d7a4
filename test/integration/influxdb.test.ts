/** `--out influxdb` into a real InfluxDB 1.6: what it counts, how it reads our lines, and what it says when it is unwilling. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { openOutputs } from "../../src/outputs/index.ts";
import {
  influxdbIsMissing,
  influxPassword,
  influxUser,
  startInfluxdb,
} from "../support/influxdb.ts";
import { outputBench } from "../support/outputs.ts";

const inInfluxdb = { skip: influxdbIsMissing, timeout: 120_000 };

describe("--out influxdb into InfluxDB 1", () => {
  it("counts every sample, also those of one series at one time", inInfluxdb, async (t) => {
    const influxdb = await startInfluxdb(t);
    const bench = outputBench();
    const outputs = await openOutputs([`influxdb=${influxdb.url}/my%20load`], bench.context);
    for (const worker of [0, 1, 2, -1]) {
      bench.log(
        outputs,
        ({ add, setMetadata }) => {
          for (let n = 0; n < 5_000; n++) {
            setMetadata({ vu: String(worker + 2), iter: String(n) });
            add("iterations", 1, { scenario: "default" });
            add("http_req_duration", n / 8, { method: "GET", url: `http://h/${n % 5}` });
          }
        },
        worker,
      );
    }
    await outputs.stop();
    assert.deepEqual(bench.lines, []);
    const [counted] = await influxdb.query(
      "SELECT count(value), sum(value) FROM iterations",
      "my load",
    );
    assert.deepEqual([counted?.["count"], counted?.["sum"]], [20_000, 20_000]);
    const [trend] = await influxdb.query(
      "SELECT count(value), max(value), count(distinct(url)) AS urls, max(iter) AS iter FROM http_req_duration",
      "my load",
    );
    assert.deepEqual(
      [trend?.["count"], trend?.["max"], trend?.["urls"], trend?.["iter"]],
      [20_000, 4_999 / 8, 5, 4_999],
    );
  });

  it("has the tags back as they were", inInfluxdb, async (t) => {
    const influxdb = await startInfluxdb(t);
    const bench = outputBench();
    const outputs = await openOutputs([`influxdb=${influxdb.url}/k6`], bench.context);
    const values = [
      "a,b=c d",
      'say "hi"',
      "\u202eRTL \u0645\u0631\u062d\u0628\u0627",
      "C:\\dir\\file",
      "smile \u{1f600}",
      "#p|q@r;s",
      "'",
      "x".repeat(10_000),
    ];
    bench.log(outputs, ({ add }) => {
      for (const value of values) add("iterations", 1, { own: value, url: value, time: "noon" });
      add("iterations", 1, { own: "two\nlines", url: "end\\" });
      add("iterations", 1, { own: "end\\", other: "back\\ slash" });
    });
    await outputs.stop();
    assert.deepEqual(bench.lines, []);
    const rows = await influxdb.query("SELECT value, url, own, other, time_ FROM iterations", "k6");
    const byOwn = new Map(rows.map((row) => [row["own"], row]));
    for (const value of values) {
      assert.equal(byOwn.get(value)?.["url"], value);
      assert.equal(byOwn.get(value)?.["time_"], "noon");
    }
    assert.equal(byOwn.get("two\\nlines")?.["url"], "end\\");
    assert.equal(byOwn.get("end/")?.["other"], "back/ slash");
    assert.equal(rows.length, values.length + 2);
  });

  it("logs in, and says what is wrong when it may not", inInfluxdb, async (t) => {
    const influxdb = await startInfluxdb(t, { hasLogin: true });
    const linesWith = async (env: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const bench = outputBench({ env, stopGraceMs: 2_000 });
      const outputs = await openOutputs([`influxdb=${influxdb.url}/k6`], bench.context);
      bench.log(outputs, ({ add }) => add("iterations", 1));
      await outputs.stop();
      return bench.lines;
    };
    const login = { K6_INFLUXDB_USERNAME: influxUser, K6_INFLUXDB_PASSWORD: influxPassword };
    assert.deepEqual(await linesWith(login), []);
    assert.equal((await influxdb.query("SELECT value FROM iterations", "k6")).length, 1);
    const wrong = await linesWith({ ...login, K6_INFLUXDB_PASSWORD: "wrong" });
    assert.match(
      wrong[0]!,
      /^error .*401: authorization failed; nothing is sent .*K6_INFLUXDB_PASSWORD/u,
    );
    assert.match(wrong[1]!, /1 samples did not arrive/u);
    await influxdb.query("CREATE USER guest WITH PASSWORD 'guest'");
    const guest = await linesWith({ K6_INFLUXDB_USERNAME: "guest", K6_INFLUXDB_PASSWORD: "guest" });
    assert.match(
      guest.filter((line) => !line.startsWith("debug"))[0]!,
      /403: .*; nothing is sent/u,
    );
  });

  it("says which samples it refuses, and takes the others", inInfluxdb, async (t) => {
    const influxdb = await startInfluxdb(t);
    await influxdb.query("CREATE DATABASE k6");
    // Types are kept by week: this is the week of the samples.
    await fetch(`${influxdb.url}/write?db=k6`, {
      method: "POST",
      body: 'vus value="text" 1785578400000000000\n',
    });
    const bench = outputBench();
    const outputs = await openOutputs([`influxdb=${influxdb.url}/k6`], bench.context);
    bench.log(outputs, ({ add }) => {
      add("iterations", 1);
      add("vus", 5);
      add("iterations", 1);
    });
    await outputs.stop();
    assert.match(
      bench.lines[0]!,
      /^warning .*400: partial write: field type conflict.*these samples are dropped/u,
    );
    assert.match(bench.lines[1]!, /^error .*: 1 samples did not arrive/u);
    assert.equal((await influxdb.query("SELECT value FROM iterations", "k6")).length, 2);
  });

  it("loses nothing when the database dies in mid-run and comes back", inInfluxdb, async (t) => {
    const influxdb = await startInfluxdb(t);
    await influxdb.query("CREATE DATABASE k6");
    const bench = outputBench({ env: { K6_INFLUXDB_PUSH_INTERVAL: "20ms" }, stopGraceMs: 30_000 });
    const outputs = await openOutputs([`influxdb=${influxdb.url}/k6`], bench.context);
    const add = (): void =>
      bench.log(outputs, ({ add: sample }) => {
        for (let n = 0; n < 1_000; n++) sample("iterations", 1);
      });
    const count = async (): Promise<unknown> =>
      (await influxdb.query("SELECT count(value) FROM iterations", "k6"))[0]?.["count"];
    add();
    while ((await count()) !== 1_000) await wait(20);
    await influxdb.kill();
    for (let n = 0; n < 10; n++) {
      add();
      await wait(20);
    }
    while (!bench.lines.some((line) => line.startsWith("warning"))) await wait(20);
    await influxdb.restart();
    add();
    await outputs.stop();
    assert.equal(await count(), 12_000);
    assert.equal(bench.lines.length, 2, bench.lines.join("\n"));
    assert.match(bench.lines[0]!, /^warning .*; it is tried again, the run goes on$/u);
    assert.match(bench.lines[1]!, /^info .*: takes samples again$/u);
  });
});
