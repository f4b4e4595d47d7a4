/** A worker thread with one VU: receives a bundle, runs the named exports, answers with results or reports. */
import { parentPort, workerData } from "node:worker_threads";
import type { ScriptBundle } from "../../../src/script/load.ts";
import { compileProgram } from "../../../src/script/program.ts";
import { startVu } from "./script-harness.ts";

const { bundle, names } = workerData as { bundle: ScriptBundle; names: readonly string[] };
const program = compileProgram(bundle);
const vu = await startVu(program);
const answers: unknown[] = [];
for (const name of names) {
  // oxlint-disable-next-line no-await-in-loop -- one iteration after the other, as a VU does
  answers.push(await vu.run(name).catch((error: unknown) => program.describeError(error).stack));
}
parentPort?.postMessage({ answers, calls: vu.calls });
