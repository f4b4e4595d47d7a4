/** What a worker tells of the script once its init code has run. */
import type { MetricRegistry } from "../../metrics/index.ts";
import { entryUrl, type OpenedFiles } from "../../script/index.ts";
import type { InitReport } from "../protocol.ts";

/** @param exports of the script's entry module */
export function createInitReport(
  exports: Readonly<Record<string, unknown>>,
  facts: { entryPath: string; openedFiles: OpenedFiles; registry: MetricRegistry },
): InitReport {
  const options: unknown = exports["options"];
  return {
    scriptUrl: entryUrl(facts.entryPath),
    options:
      options === undefined
        ? undefined
        : (JSON.parse(JSON.stringify(options) ?? "null") as unknown),
    functions: Object.keys(exports).filter((name) => typeof exports[name] === "function"),
    openedFiles: [...facts.openedFiles.contents.keys()],
    metrics: facts.registry.all().map(({ name, type, contains }) => ({ name, type, contains })),
  };
}
