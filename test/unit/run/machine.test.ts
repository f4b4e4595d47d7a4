import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePortRange } from "../../../src/base/proc-files.ts";
import { openFilesOf } from "../../../src/run/machine.ts";

const limits = `Limit                     Soft Limit           Hard Limit           Units
Max processes             31234                31234                processes
Max open files            1024                 1048576              files
`;

describe("machine facts", () => {
  it("take the soft limit of open files", () => {
    assert.equal(openFilesOf(limits), 1_024);
    assert.equal(openFilesOf(limits.replace(/1024 /u, "unlimited ")), undefined);
    assert.equal(openFilesOf(""), undefined);
  });

  it("count the ports of the range, both ends included", () => {
    assert.equal(parsePortRange("32768\t60999\n"), 28_232);
    assert.equal(parsePortRange(""), undefined);
  });
});
