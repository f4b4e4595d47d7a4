import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LakhError } from "../../../../src/base/errors.ts";
import { parseInfluxOptions } from "../../../../src/outputs/influxdb/options.ts";

const parse = (argument: string, env: Readonly<Record<string, string>> = {}) =>
  parseInfluxOptions(argument, env);

function refusal(argument: string, env: Readonly<Record<string, string>> = {}): LakhError {
  try {
    parse(argument, env);
  } catch (error) {
    if (error instanceof LakhError) return error;
    throw error;
  }
  throw new Error(`"${argument}" was accepted`);
}

describe("options of --out influxdb", () => {
  it("are k6's when nothing is said", () => {
    const options = parse("");
    assert.equal(options.address.href, "http://localhost:8086/");
    assert.deepEqual(options.place, {
      version: 1,
      database: "k6",
      retention: undefined,
      consistency: undefined,
    });
    assert.deepEqual(
      [...options.tagsAsFields],
      [
        ["vu", "int"],
        ["iter", "int"],
        ["url", "string"],
      ],
    );
    const { authorization, isInsecure, pushIntervalMs, concurrentWrites, precision } = options;
    assert.deepEqual(
      { authorization, isInsecure, pushIntervalMs, concurrentWrites, precision },
      {
        authorization: undefined,
        isInsecure: false,
        pushIntervalMs: 1_000,
        concurrentWrites: 4,
        precision: "ns",
      },
    );
  });

  it("take the last part of the path as database, unless it ends with a slash", () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ["http://h:8086/load", "http://h:8086/", "load"],
      ["https://h/influx/db/load%20test", "https://h/influx/db/", "load test"],
      ["https://h/influx/", "https://h/influx/", "own"],
      ["http://h:8086", "http://h:8086/", "own"],
    ];
    for (const [argument, address, database] of cases) {
      const options = parse(argument, { K6_INFLUXDB_DB: "own" });
      assert.equal(options.address.href, address, argument);
      assert.equal((options.place as { database: string }).database, database, argument);
    }
    const byVariable = parse("", { K6_INFLUXDB_ADDR: "http://h/prefix", K6_INFLUXDB_DB: "own" });
    assert.equal(byVariable.address.href, "http://h/prefix/");
  });

  it("take variables, which the address overrides", () => {
    const env = {
      K6_INFLUXDB_USERNAME: "me",
      K6_INFLUXDB_PASSWORD: "p:w",
      K6_INFLUXDB_INSECURE: "true",
      K6_INFLUXDB_PUSH_INTERVAL: "2s",
      K6_INFLUXDB_CONCURRENT_WRITES: "7",
      K6_INFLUXDB_PAYLOAD_SIZE: "1000",
      K6_INFLUXDB_PRECISION: "ms",
      K6_INFLUXDB_RETENTION: "week",
      K6_INFLUXDB_CONSISTENCY: "all",
      K6_INFLUXDB_TAGS_AS_FIELDS: "status:int, name",
    };
    const options = parse("http://you:secret@h/db?precision=us&pushInterval=5s", env);
    assert.equal(options.authorization, `Basic ${Buffer.from("you:secret").toString("base64")}`);
    assert.equal(options.precision, "us");
    assert.equal(options.pushIntervalMs, 5_000);
    assert.equal(options.concurrentWrites, 7);
    assert.equal(options.isInsecure, true);
    assert.deepEqual(
      [...options.tagsAsFields],
      [
        ["status", "int"],
        ["name", "string"],
      ],
    );
    assert.equal(options.address.href, "http://h/");
    const { authorization, precision } = parse("", env);
    assert.equal(authorization, `Basic ${Buffer.from("me:p:w").toString("base64")}`);
    assert.equal(precision, "ms");
  });

  it("mean version 2 when there is a token", () => {
    const env = {
      K6_INFLUXDB_TOKEN: "t==",
      K6_INFLUXDB_ORGANIZATION: "org",
      K6_INFLUXDB_BUCKET: "bucket",
      K6_INFLUXDB_PRECISION: "1ns",
    };
    const options = parse("https://h/prefix", env);
    assert.deepEqual(options.place, { version: 2, bucket: "bucket", organization: "org" });
    assert.equal(options.authorization, "Token t==");
    assert.equal(options.address.href, "https://h/prefix/");
    const inPath = parse("https://h/own", { K6_INFLUXDB_TOKEN: "t" });
    assert.deepEqual(inPath.place, { version: 2, bucket: "own", organization: undefined });
  });

  it("are refused with the place of the mistake", () => {
    const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
      ["localhost:8086/k6", {}, /"localhost:8086\/k6" is no address/u],
      ["udp://h:8089", {}, /"udp:\/\/h:8089" is no address/u],
      ["ftp://me:pa55@h/db", {}, /ftp:\/\/me:\*\*\*\*@h\/db/u],
      ["http://h/db?foo=1", {}, /unknown query parameter: foo/u],
      ["", { K6_INFLUXDB_PUSH_INTERVAL: "0" }, /K6_INFLUXDB_PUSH_INTERVAL is "0"/u],
      ["http://h/db?pushInterval=x", {}, /pushInterval in its address is "x"/u],
      ["", { K6_INFLUXDB_CONCURRENT_WRITES: "none" }, /K6_INFLUXDB_CONCURRENT_WRITES is "none"/u],
      ["", { K6_INFLUXDB_INSECURE: "ja" }, /K6_INFLUXDB_INSECURE is "ja"/u],
      ["", { K6_INFLUXDB_PRECISION: "h" }, /K6_INFLUXDB_PRECISION is "h"/u],
      ["", { K6_INFLUXDB_TAGS_AS_FIELDS: "vu:uint" }, /has "vu:uint"/u],
      ["", { K6_INFLUXDB_PROXY: "http://p" }, /K6_INFLUXDB_PROXY is set/u],
      ["", { K6_INFLUXDB_TOKEN: "t" }, /there is no bucket/u],
    ];
    for (const [argument, env, message] of cases) {
      const error = refusal(argument, env);
      assert.match(error.message, message);
      assert.equal(error.code, "OUTPUT_ARGUMENT");
      assert.equal(error.exitCode, 255);
      assert.notEqual(error.hint ?? "", "");
      assert.doesNotMatch(error.message + (error.hint ?? ""), /pa55/u);
    }
  });
});
