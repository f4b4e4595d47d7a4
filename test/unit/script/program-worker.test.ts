import { strict as assert } from "node:assert";
import { once } from "node:events";
import { realpath } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { folder, load } from "./script-harness.ts";

test("a bundle crosses to a worker thread, runs there, and its errors keep their places", async (t) => {
  const dir = await folder(t, {
    "script.ts": `import http from "k6/http";
interface Page { status: number }
const visit = (url: string): Page => {
  const page: Page = http.get(url);
  if (url === "/bad") throw new Error(\`bad \${page.status}\`);
  return page;
};
export default () => ["/a", "/b"].map((url) => visit(url).status);
export function broken() {
  const page = visit("/bad");
  return page;
}`,
  });
  const bundle = await load(dir, { path: `${dir}/script.ts` });
  const workerData = { bundle, names: ["default", "broken"] };
  const worker = new Worker(new URL("./script-worker.js", import.meta.url), { workerData });
  const [message] = (await once(worker, "message")) as [{ answers: unknown[]; calls: string[] }];
  await worker.terminate();
  const url = `${pathToFileURL(await realpath(dir)).href}/script.ts`;
  assert.deepEqual(message.answers[0], [200, 200]);
  assert.equal(
    message.answers[1],
    `Error: bad 200\n\tat visit (${url}:5:29)\n\tat broken (${url}:10:16)`,
  );
  assert.deepEqual(message.calls, ["GET /a", "GET /b", "GET /bad"]);
});
