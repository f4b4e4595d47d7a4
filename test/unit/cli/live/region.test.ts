import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import xterm from "@xterm/headless";
import type { TextStream } from "../../../../src/base/host.ts";
import { LiveRegion } from "../../../../src/cli/live/region.ts";

/** A region on a terminal that xterm.js keeps; `writes` are the frames as they were written. */
function bench(
  t: TestContext,
  size = { columns: 40, rows: 10 },
): {
  region: LiveRegion;
  writes: string[];
  screen: () => Promise<string[]>;
  history: () => Promise<string[]>;
  resize: (columns: number, rows: number) => void;
} {
  const terminal = new xterm.Terminal({
    cols: size.columns,
    rows: size.rows,
    allowProposedApi: true,
    // What the line discipline of a real terminal does.
    convertEol: true,
  });
  t.after(() => terminal.dispose());
  const writes: string[] = [];
  const stream: TextStream = {
    write: (text) => {
      writes.push(String(text));
      terminal.write(text);
    },
    isTty: true,
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    onResize: () => () => undefined,
  };
  const lines = async (from: number, count: number): Promise<string[]> => {
    await new Promise<void>((done) => terminal.write("", done));
    const { active } = terminal.buffer;
    return Array.from({ length: count }, (_, row) =>
      active.getLine(from + row)!.translateToString(true),
    );
  };
  return {
    region: new LiveRegion(stream),
    writes,
    screen: async () => trimEnd(await lines(terminal.buffer.active.viewportY, terminal.rows)),
    history: async () => {
      await lines(0, 0);
      return trimEnd(await lines(0, terminal.buffer.active.length));
    },
    resize: (columns, rows) => terminal.resize(columns, rows),
  };
}

function trimEnd(lines: string[]): string[] {
  const last = lines.findLastIndex((line) => line !== "");
  return lines.slice(0, last + 1);
}

test("a frame takes the place of the one before, in one write", async (t) => {
  const { region, writes, screen } = bench(t);
  region.print("$ lakh run\n");
  region.draw(["one", "two", "three"]);
  region.draw(["1", "2", "3"]);
  assert.deepEqual(await screen(), ["$ lakh run", "1", "2", "3"]);
  assert.equal(writes.length, 3);
  assert.doesNotMatch(writes.at(-1)!, /\[2J|\[\?25|\[H/u);
});

test("a shorter frame leaves nothing of a longer one", async (t) => {
  const { region, screen } = bench(t);
  region.draw(["one", "two", "three"]);
  region.draw(["1"]);
  assert.deepEqual(await screen(), ["1"]);
});

test("lines that come meanwhile stand above the frame, whole and in order", async (t) => {
  const { region, writes, history } = bench(t);
  region.draw(["frame", "of two"]);
  const before = writes.length;
  const logged = Array.from({ length: 100 }, (_, index) => `line ${index} of the log`);
  for (const line of logged) region.print(`${line}\n`);
  assert.equal(writes.length, before, "they wait for each other");
  await sleep(200);
  assert.equal(writes.length, before + 1, "and come in one write");
  assert.deepEqual(await history(), [...logged, "frame", "of two"]);
});

test("what waits is written with the next frame, and before the region goes", async (t) => {
  const { region, history } = bench(t);
  region.draw(["a frame"]);
  region.print("first\n");
  region.draw(["another"]);
  assert.deepEqual(await history(), ["first", "another"]);
  region.print("second\n");
  region.clear();
  region.print("after it\n");
  assert.deepEqual(await history(), ["first", "second", "after it"]);
});

test("an unfinished line is not torn by a frame", async (t) => {
  const { region, history } = bench(t);
  region.draw(["frame"]);
  region.print("half a ");
  await sleep(200);
  region.print("line\n");
  region.print("unfinished");
  region.draw(["frame"]);
  assert.deepEqual(await history(), ["half a line", "unfinished", "frame"]);
});

test("the frame scrolls with the screen at its bottom", async (t) => {
  const { region, history } = bench(t, { columns: 20, rows: 5 });
  for (let index = 0; index < 8; index++) region.print(`${index}\n`);
  region.draw(["a", "b"]);
  region.print("8\n");
  region.draw(["a", "c"]);
  assert.deepEqual(await history(), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "a", "c"]);
});

test("on a terminal that became narrower nothing of the wrapped frame is left", async (t) => {
  const { region, history, resize } = bench(t, { columns: 60, rows: 12 });
  region.print("above\n");
  const coloured = `\u001b[36m${"x".repeat(50)}\u001b[0m`;
  region.draw([coloured, "two", "y".repeat(59)]);
  await history();
  resize(25, 12);
  region.draw(["narrow", "two"]);
  assert.deepEqual(await history(), ["above", "narrow", "two"]);
  resize(60, 12);
  region.draw(["wide", "two", "three"]);
  assert.deepEqual(await history(), ["above", "wide", "two", "three"]);
});

test("no lines are no frame", async (t) => {
  const { region, history } = bench(t);
  region.draw(["frame"]);
  region.draw([]);
  region.draw([]);
  assert.deepEqual(await history(), []);
});
