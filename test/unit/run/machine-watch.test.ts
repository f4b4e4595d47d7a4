import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { parseCpuTimes, parseQuotaPeriods } from "../../../src/base/proc-files.ts";
import { cpuStatFiles, createMachineWatch } from "../../../src/run/machine-watch.ts";
import { scratchFolder } from "../../support/cli.ts";

const stat = (
  user: number,
  steal: number,
): string => `cpu  ${user} 290 3084719 46828483 16683 0 25195 ${steal} 175628 0
cpu0 1393280 128 1542359 23414241 8341 0 12597 87814 87814 0
intr 114930548 113199788 3 0 5 263 0 4
ctxt 1990473
btime 1062191376
`;

const cpuStatV2 = (periods: number, throttled: number): string => `usage_usec 2532811
user_usec 1721221
system_usec 811590
nr_periods ${periods}
nr_throttled ${throttled}
throttled_usec 4712345
nr_bursts 0
burst_usec 0
`;

const cpuStatV1 = `nr_periods 120
nr_throttled 30
throttled_time 2910884321
`;

test("the line of all processors: eight kinds of time, guests counted once", () => {
  const times = parseCpuTimes(stat(1_000, 50))!;
  assert.equal(times.steal, 50);
  assert.equal(times.idle, 46_828_483 + 16_683);
  assert.equal(times.total, 1_000 + 290 + 3_084_719 + 46_828_483 + 16_683 + 25_195 + 50);
});

test("what is not such a file says nothing", () => {
  assert.equal(parseCpuTimes(undefined), undefined);
  assert.equal(parseCpuTimes("cpu  1 2 3 4\n"), undefined, "kernels before 2.6.11 have no steal");
  assert.equal(parseCpuTimes("cpu0 1 2 3 4 5 6 7 8\n"), undefined);
  assert.equal(parseQuotaPeriods(undefined), undefined);
  assert.equal(parseQuotaPeriods("usage_usec 1\nuser_usec 1\nsystem_usec 0\n"), undefined);
});

test("periods of a quota, of both versions", () => {
  assert.deepEqual(parseQuotaPeriods(cpuStatV2(7, 3)), { all: 7, throttled: 3 });
  assert.deepEqual(parseQuotaPeriods(cpuStatV1), { all: 120, throttled: 30 });
});

test("every level above the process is looked at", () => {
  assert.deepEqual(cpuStatFiles("0::/user.slice/run-u12.scope\n"), [
    "user.slice/run-u12.scope/cpu.stat",
    "user.slice/cpu.stat",
    "cpu.stat",
  ]);
  assert.deepEqual(cpuStatFiles("0::/\n"), ["cpu.stat"], "a container with a namespace of its own");
  assert.deepEqual(
    cpuStatFiles("12:cpuset:/docker/ab\n4:cpu,cpuacct:/docker/ab\n1:name=systemd:/docker/ab\n"),
    ["cpu,cpuacct/docker/ab/cpu.stat", "cpu,cpuacct/docker/cpu.stat", "cpu,cpuacct/cpu.stat"],
  );
  assert.deepEqual(cpuStatFiles("5:cpuacct:/x\n3:cpuset:/x\n"), [], "names that only begin alike");
  assert.deepEqual(cpuStatFiles(""), []);
});

function fakeMachine(
  files: Readonly<Record<string, string>>,
  folder: string,
): {
  write: (files: Readonly<Record<string, string>>) => void;
  roots: { procRoot: string; cgroupRoot: string };
} {
  const write = (texts: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  write(files);
  return {
    write,
    roots: { procRoot: join(folder, "proc"), cgroupRoot: join(folder, "cgroup") },
  };
}

test("shares are those of the time since the reading before; of quotas the worst level counts", (t) => {
  const { write, roots } = fakeMachine(
    {
      "proc/stat": stat(1_000, 50),
      "proc/self/cgroup": "0::/pod/container\n",
      "cgroup/pod/cpu.stat": cpuStatV2(1_000, 10),
      "cgroup/pod/container/cpu.stat": cpuStatV2(500, 0),
    },
    scratchFolder(t),
  );
  const watch = createMachineWatch(roots);
  write({
    "proc/stat": stat(1_190, 60),
    "cgroup/pod/cpu.stat": cpuStatV2(1_010, 14),
    "cgroup/pod/container/cpu.stat": cpuStatV2(510, 1),
  });
  assert.deepEqual(watch.read(), { stealShare: 0.05, throttledShare: 0.4 });
  write({ "proc/stat": stat(1_290, 60) });
  assert.deepEqual(watch.read(), { stealShare: 0, throttledShare: 0 });
});

test("a machine that does not say gives null", (t) => {
  const { roots } = fakeMachine({}, scratchFolder(t));
  assert.deepEqual(createMachineWatch(roots).read(), { stealShare: null, throttledShare: null });
});

test("counters that go back are no negative share", (t) => {
  const { write, roots } = fakeMachine({ "proc/stat": stat(1_000, 50) }, scratchFolder(t));
  const watch = createMachineWatch(roots);
  write({ "proc/stat": stat(1_100, 49) });
  assert.equal(watch.read().stealShare, 0);
});
