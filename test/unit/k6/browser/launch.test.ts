import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  browserTimeoutMs,
  launchOptions,
  remoteAddresses,
  unreadVariables,
} from "../../../../src/k6/browser/launch.ts";
import { scratchFolder } from "../../../support/cli.ts";

describe("how a browser is started", () => {
  it("is by the program that K6_BROWSER_EXECUTABLE_PATH names, headless, within 30 s", () => {
    const { executablePath, headless, timeout, args } = launchOptions({
      K6_BROWSER_EXECUTABLE_PATH: "/opt/chrome",
    });
    assert.deepEqual([executablePath, headless, timeout, args], ["/opt/chrome", true, 30_000, []]);
  });

  it("is by the first Chromium on the PATH otherwise", (t) => {
    const folder = scratchFolder(t);
    const program = join(folder, "google-chrome");
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o755);
    assert.equal(launchOptions({ PATH: `bin:/nowhere:${folder}` }).executablePath, program);
  });

  it("takes arguments with and without dashes, and k6's other variables", () => {
    const options = launchOptions({
      K6_BROWSER_EXECUTABLE_PATH: "/opt/chrome",
      K6_BROWSER_ARGS: "no-sandbox, lang=de,--mute-audio,",
      K6_BROWSER_IGNORE_DEFAULT_ARGS: "hide-scrollbars",
      K6_BROWSER_HEADLESS: "false",
      K6_BROWSER_TIMEOUT: "1m",
    });
    assert.deepEqual(options.args, ["--no-sandbox", "--lang=de", "--mute-audio"]);
    assert.deepEqual(options.ignoreDefaultArgs, ["--hide-scrollbars"]);
    assert.deepEqual([options.headless, options.timeout], [false, 60_000]);
  });

  it("fails with the variable's name when it cannot be read, or without a browser", () => {
    const path = { K6_BROWSER_EXECUTABLE_PATH: "/opt/chrome" };
    assert.throws(
      () => launchOptions({ ...path, K6_BROWSER_HEADLESS: "yes" }),
      /K6_BROWSER_HEADLESS/u,
    );
    assert.throws(() => browserTimeoutMs({ K6_BROWSER_TIMEOUT: "soon" }), /K6_BROWSER_TIMEOUT/u);
    assert.throws(() => launchOptions({ PATH: "/nowhere" }), {
      name: "GoError",
      message: /couldn't detect google chrome.*apt-get install chromium/u,
    });
  });

  it("is not, when there are running ones; what has no effect is named", () => {
    assert.deepEqual(remoteAddresses({}), []);
    assert.deepEqual(remoteAddresses({ K6_BROWSER_WS_URL: "ws://a,ws://b" }), ["ws://a", "ws://b"]);
    assert.deepEqual(unreadVariables({ K6_BROWSER_LOG: "debug" }), [
      "K6_BROWSER_LOG has no effect in lakh",
    ]);
  });
});
