/** The schema of `lakh monitor status --json`: docs/reference/schemas/monitor-status.schema.json is made from it. */
import * as z from "zod";
import type { MonitorStatus } from "./status.ts";

const part = {
  isUp: z.boolean(),
  problem: z.string().nullable().describe("why it is not up; null when it is"),
  url: z.string().describe("where it listens, without a path"),
  port: z.int().positive(),
  version: z.string().nullable().describe("null when it does not say"),
  pid: z.int().positive().nullable().describe("null in a container"),
};

const status = z.strictObject({
  schemaVersion: z.literal(1),
  state: z
    .enum(["up", "partly", "down"])
    .describe("partly: something that was started does not answer, or not yet"),
  kind: z.enum(["docker", "programs"]).nullable().describe("null when nothing was started"),
  startedAt: z.string().nullable().describe("RFC 3339, UTC"),
  upSeconds: z.int().nonnegative().nullable(),
  retention: z
    .strictObject({ time: z.string(), size: z.string() })
    .nullable()
    .describe("how long data are kept, and how much at most"),
  prometheus: z
    .strictObject({
      ...part,
      remoteWriteUrl: z.string().describe("where outputs write to"),
      series: z.int().nonnegative().nullable().describe("with samples in the last hours"),
    })
    .nullable(),
  grafana: z.strictObject(part).nullable().describe("null: not installed, or not wanted"),
  folder: z.string().describe("settings, logs and, without Docker, data"),
}) satisfies z.ZodType<MonitorStatus>;

/** The JSON schema of a status. */
export function monitorStatusJsonSchema(): unknown {
  return {
    $id: "monitor-status.schema.json",
    title: "lakh monitor status --json",
    ...z.toJSONSchema(status),
  };
}
