import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { LakhError } from "../../../src/base/errors.ts";
import { openOutputs } from "../../../src/outputs/index.ts";
import { outputBench, type Recording } from "../../support/outputs.ts";

// Times are written in the local zone.
process.env["TZ"] = "UTC";

const folder = mkdtempSync(join(tmpdir(), "lakh-csv-"));
after(() => rmSync(folder, { recursive: true }));

async function rowsOf(
  argument: string,
  record: (recording: Recording) => void,
  given: Parameters<typeof outputBench>[0] = {},
): Promise<string> {
  const bench = outputBench(given);
  const outputs = await openOutputs([argument], bench.context);
  bench.log(outputs, record);
  await outputs.stop();
  return bench.stdout();
}

async function refusal(
  argument: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const bench = outputBench({ env, resolvePath: (path) => join(folder, path) });
  try {
    const outputs = await openOutputs([argument], bench.context);
    await outputs.stop();
  } catch (error) {
    assert.ok(error instanceof LakhError);
    assert.equal(error.exitCode, 255);
    return error.message;
  }
  throw new Error(`"${argument}" was accepted`);
}

/** Rows and messages recorded from k6 2.2. */
describe("--out csv", () => {
  it("has a column for every enabled system tag that is indexed, then the other tags and the metadata", async () => {
    const text = await rowsOf(
      "csv=-",
      ({ add, setMetadata }) => {
        setMetadata({ vu: "1", iter: "0" });
        add("http_reqs", 1, {
          method: "GET",
          url: "http://h/x",
          my: "tag",
          env: "t",
          status: "200",
        });
      },
      { systemTags: ["vu", "iter", "url", "method", "status", "ip"] },
    );
    assert.equal(
      text,
      "metric_name,timestamp,metric_value,ip,method,status,url,extra_tags,metadata\n" +
        "http_reqs,1785578400,1.000000,,GET,200,http://h/x,env=t&my=tag,iter=0&vu=1\n",
    );
  });

  it("quotes what Go's encoder quotes, and nothing else", async () => {
    const names = ['a, "b"', " lead", "tr ", "#x", "\ttab", "cr\rx", "\\.", "l\nf"];
    const text = await rowsOf(
      "csv=-",
      ({ add }) => {
        for (const check of names) add("checks", 1, { check });
      },
      { systemTags: ["check"] },
    );
    assert.equal(
      text.slice(text.indexOf("\n") + 1),
      ['"a, ""b"""', '" lead"', "tr ", "#x", '"\ttab"', '"cr\rx"', '"\\."', '"l\nf"']
        .map((field) => `checks,1785578400,1.000000,${field},,\n`)
        .join(""),
    );
  });

  it("writes values with six decimals and never an exponent", async () => {
    const values = [1e21, -0, 1.23456789, 5e-7, 123456789012345680000, 0.0078125, 0.0234375];
    const text = await rowsOf("csv=-", ({ add }) => {
      for (const value of values) add("my_trend", value);
    });
    const shown = text.split("\n").slice(1, -1);
    assert.deepEqual(
      shown.map((row) => row.split(",")[2]),
      [
        "1000000000000000000000.000000",
        "-0.000000",
        "1.234568",
        "0.000000",
        "123456789012345683968.000000",
        "0.007812",
        "0.023438",
      ],
    );
  });

  it("knows k6's six time formats", async () => {
    const formats = {
      unix: "1785578400",
      unix_milli: "1785578400123",
      unix_micro: "1785578400123500",
      unix_nano: "1785578400123500000",
      rfc3339: "2026-08-01T10:00:00Z",
      rfc3339_nano: "2026-08-01T10:00:00.1235Z",
    };
    for (const [format, expected] of Object.entries(formats)) {
      const argument = `csv=fileName=-,timeFormat=${format}`;
      const text = await rowsOf(argument, ({ add }) => add("iterations", 1));
      assert.equal(text.split("\n")[1]?.split(",")[1], expected, format);
    }
  });

  it("takes K6_CSV_ variables, which its argument overrides, and compresses a .gz file", async () => {
    const env = { K6_CSV_FILENAME: "env.csv.gz", K6_CSV_TIME_FORMAT: "unix_milli" };
    const resolvePath = (path: string): string => join(folder, path);
    await rowsOf("csv", ({ add }) => add("iterations", 1), { env, resolvePath });
    assert.match(
      gunzipSync(readFileSync(join(folder, "env.csv.gz"))).toString(),
      /^metric_name,.*\niterations,1785578400123,1\.000000,/u,
    );
    await rowsOf("csv=own.csv", ({ add }) => add("iterations", 1), { env, resolvePath });
    assert.match(readFileSync(join(folder, "own.csv"), "utf8"), /iterations,1785578400123,/u);
  });

  it("refuses what k6 refuses, in its words", async () => {
    const create = "could not create the 'csv' output: ";
    assert.equal(
      await refusal("csv=foo=zz"),
      `${create}unknown key "foo" as argument for csv output`,
    );
    assert.equal(
      await refusal("csv=a.csv,foo=1"),
      `${create}couldn't parse "a.csv,foo=1" as argument for csv output`,
    );
    assert.equal(
      await refusal("csv=fileName="),
      `${create}couldn't parse "fileName=" as argument for csv output`,
    );
    assert.equal(
      await refusal("csv=timeFormat=zz"),
      `${create}zz does not belong to TimeFormat values`,
    );
    assert.equal(await refusal("csv=saveInterval=zz"), `${create}time: invalid duration "zz"`);
    assert.equal(
      await refusal("csv=fileName=x.csv,saveInterval=0"),
      "metric flush period should be positive but was 0s",
    );
    assert.equal(
      await refusal("csv=nodir/y.csv"),
      `${create}open nodir/y.csv: no such file or directory`,
    );
    assert.equal(
      await refusal("csv", { K6_CSV_TIME_FORMAT: "zz" }),
      `${create}zz does not belong to TimeFormat values`,
    );
  });

  it("does not begin on a disk that has no room for its header", {
    skip: !existsSync("/dev/full"),
  }, async () => {
    const outputs = openOutputs(["csv=/dev/full"], outputBench().context);
    await assert.rejects(outputs, {
      code: "OUTPUT_OPEN",
      message: "could not create the 'csv' output: write /dev/full: no space left on device",
    });
  });
});
