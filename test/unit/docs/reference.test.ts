/** The reference pages list exactly what the code has. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Command } from "commander";
import { targetErrorCodes } from "../../../reference-api/errors.ts";
import { apiErrorCodes } from "../../../src/api/index.ts";
import { createProgram } from "../../../src/cli/program.ts";
import { cliErrorCodes } from "../../../src/cli/errors.ts";
import { configErrorCodes } from "../../../src/config/index.ts";
import { engineErrorCodes } from "../../../src/engine/errors.ts";
import { httpErrorCodes } from "../../../src/http/index.ts";
import { k6ErrorCodes } from "../../../src/k6/index.ts";
import { metricsErrorCodes } from "../../../src/metrics/index.ts";
import { monitorErrorCodes } from "../../../src/monitor/index.ts";
import { observeErrorCodes, prometheusPresets } from "../../../src/observe/index.ts";
import { outputsErrorCodes } from "../../../src/outputs/index.ts";
import { planErrorCodes } from "../../../src/plan/index.ts";
import { recordErrorCodes } from "../../../src/record/index.ts";
import { runErrorCodes } from "../../../src/run/index.ts";
import { scaffoldErrorCodes } from "../../../src/scaffold/index.ts";
import { scheduleErrorCodes } from "../../../src/schedule/index.ts";
import { secretsErrorCodes } from "../../../src/secrets/index.ts";
import { scriptErrorCodes } from "../../../src/script/index.ts";
import { repoRoot } from "../../support/cli.ts";
import { testHost } from "../../support/host.ts";

const page = (name: string): string =>
  readFileSync(join(repoRoot, "docs", "reference", name), "utf8");

describe("docs/reference", () => {
  it("errors.md lists every error code with its meaning, and no other", () => {
    const tables: Readonly<Record<string, string>>[] = [
      apiErrorCodes,
      cliErrorCodes,
      configErrorCodes,
      engineErrorCodes,
      httpErrorCodes,
      k6ErrorCodes,
      metricsErrorCodes,
      monitorErrorCodes,
      observeErrorCodes,
      outputsErrorCodes,
      planErrorCodes,
      recordErrorCodes,
      runErrorCodes,
      scaffoldErrorCodes,
      scheduleErrorCodes,
      scriptErrorCodes,
      secretsErrorCodes,
      targetErrorCodes,
    ];
    const expected = tables.flatMap((table) =>
      Object.entries(table).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
    );
    // Tables are aligned by the formatter: the padding of their cells says nothing.
    const listed = page("errors.md")
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.replace(/ +\|/gu, " |"));
    assert.deepEqual(listed.sort(), expected.sort());
  });

  it("cli.md names every command and every flag", () => {
    const text = page("cli.md");
    const assertNamed = (command: Command, path: string): void => {
      assert.ok(text.includes(`## ${path}\n`), `no section for "${path}"`);
      for (const option of command.options.filter(({ hidden }) => !hidden))
        assert.ok(text.includes(`\`${option.flags}\``), `${path} ${option.flags}`);
      for (const inner of command.commands) assertNamed(inner, `${path} ${inner.name()}`);
    };
    const program = createProgram({ host: testHost([]), exitCode: 0 });
    for (const command of program.commands) assertNamed(command, `lakh ${command.name()}`);
  });
});

describe("docs/guide", () => {
  it("watching-the-target.md shows the queries of every preset, and no other", () => {
    const text = readFileSync(join(repoRoot, "docs", "guide", "watching-the-target.md"), "utf8");
    const shown = [
      ...text.matchAll(/^### (\S+)\n\nFrom ([^\n]*)\.\n\n```promql\n(.*?)```$/gmsu),
    ].map(([, name, exporter, queries]) => [name, exporter, queries]);
    const expected = Object.entries(prometheusPresets).map(([name, { exporter, readings }]) => [
      name,
      exporter,
      readings.map((reading) => `# ${reading.name}\n${reading.query}\n`).join(""),
    ]);
    assert.deepEqual(shown, expected);
  });
});
