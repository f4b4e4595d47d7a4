import { strict as assert } from "node:assert";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { silentLogger } from "../../../src/base/log.ts";
import { readRemoteModule } from "../../../src/script/remote.ts";
import type { RemoteFetch, RemoteOptions } from "../../../src/script/remote.ts";
import { folder, load, loadVu } from "./script-harness.ts";
import { loadScriptWith } from "../../../src/script/load.ts";
import { request, startVu } from "./script-harness.ts";
import { compileProgram } from "../../../src/script/program.ts";

/** A site of files by URL; anything else is a 404. Writes down what was asked. */
function site(files: Readonly<Record<string, string>>): { fetch: RemoteFetch; asked: string[] } {
  const asked: string[] = [];
  const fetch: RemoteFetch = (url) => {
    asked.push(url);
    const text = files[url];
    return Promise.resolve(new Response(text ?? "no", { status: text === undefined ? 404 : 200 }));
  };
  return { fetch, asked };
}

function options(dir: string, fetch: RemoteFetch, offline = false): RemoteOptions {
  return { cacheDir: join(dir, "cache"), offline, log: silentLogger, fetch };
}

const url = "https://cdn.test/lib.js";

test("a remote module is asked for with _k6=1 first, then plainly, and only once", async (t) => {
  const dir = await folder(t);
  const { fetch, asked } = site({ [url]: "export default 1" });
  assert.equal(await readRemoteModule(url, options(dir, fetch)), "export default 1");
  assert.equal(await readRemoteModule(url, options(dir, fetch)), "export default 1");
  assert.deepEqual(asked, [`${url}?_k6=1`, url]);
});

test("a query is kept when _k6=1 is appended", async (t) => {
  const dir = await folder(t);
  const { fetch, asked } = site({ [`${url}?v=2&_k6=1`]: "x" });
  await readRemoteModule(`${url}?v=2`, options(dir, fetch));
  assert.deepEqual(asked, [`${url}?v=2&_k6=1`]);
});

test("a cached module is served offline, an unknown one is refused with what to do", async (t) => {
  const dir = await folder(t);
  const { fetch } = site({ [url]: "x" });
  await readRemoteModule(url, options(dir, fetch));
  const forbidden: RemoteFetch = () => Promise.reject(new Error("network touched"));
  assert.equal(await readRemoteModule(url, options(dir, forbidden, true)), "x");
  await assert.rejects(
    readRemoteModule(`${url}2`, options(dir, forbidden, true)),
    (error: LakhError) => {
      assert.equal(error.code, "SCRIPT_REMOTE_OFFLINE");
      assert.match(error.message, /https:\/\/cdn\.test\/lib\.js2 is not in the module cache/u);
      assert.match(error.hint ?? "", /relative path/u);
      return true;
    },
  );
});

test("altered content in the cache is never run: it is fetched again", async (t) => {
  const dir = await folder(t);
  const { fetch, asked } = site({ [url]: "good" });
  await readRemoteModule(url, options(dir, fetch));
  const [name] = await readdir(join(dir, "cache/content"));
  await writeFile(join(dir, "cache/content", name!), "evil");
  assert.equal(await readRemoteModule(url, options(dir, fetch)), "good");
  assert.equal(asked.length, 4);
  await writeFile(join(dir, "cache/content", name!), "evil");
  await assert.rejects(readRemoteModule(url, options(dir, fetch, true)), {
    code: "SCRIPT_REMOTE_OFFLINE",
  });
});

test("a damaged index entry is the same as none", async (t) => {
  const dir = await folder(t);
  const { fetch } = site({ [url]: "good" });
  await readRemoteModule(url, options(dir, fetch));
  const [name] = await readdir(join(dir, "cache/index"));
  for (const text of [
    "{",
    "null",
    '{"url":"https://other.test/","sha256":"00"}',
    '{"sha256":"../../x"}',
  ]) {
    await writeFile(join(dir, "cache/index", name!), text);
    assert.equal(await readRemoteModule(url, options(dir, fetch)), "good");
  }
});

test("no partial files stay behind", async (t) => {
  const dir = await folder(t);
  const { fetch } = site({ [url]: "x" });
  await readRemoteModule(url, options(dir, fetch));
  const names = [
    ...(await readdir(join(dir, "cache/content"))),
    ...(await readdir(join(dir, "cache/index"))),
  ];
  assert.equal(names.length, 2);
  assert.ok(names.every((name) => !name.includes("partial")));
});

test("a cache that cannot be written only costs a warning", async (t) => {
  const dir = await folder(t, { cache: "a file where the folder should be" });
  const warnings: string[] = [];
  const log = {
    log: (level: string, message: string) => void (level === "warning" && warnings.push(message)),
  };
  const { fetch } = site({ [url]: "x" });
  assert.equal(await readRemoteModule(url, { ...options(dir, fetch), log }), "x");
  assert.deepEqual(warnings, ["the module cache cannot be written"]);
});

test("what went wrong is told: status, network, redirect to http, size", async (t) => {
  const dir = await folder(t);
  const failing = async (fetch: RemoteFetch): Promise<string> => {
    const error = await readRemoteModule(url, options(dir, fetch)).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(
      error instanceof LakhError && error.code === "SCRIPT_REMOTE_FAILED" && error.exitCode === 107,
    );
    return error.message;
  };
  assert.match(await failing(site({}).fetch), /status 404$/u);
  const refused = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
  assert.match(
    await failing(() => Promise.reject(refused)),
    /fetch failed \(connect ECONNREFUSED\)$/u,
  );
  const late = new DOMException("slow", "TimeoutError");
  assert.match(await failing(() => Promise.reject(late)), /no answer within 60 s/u);
  const moved = Object.defineProperty(new Response("x"), "url", {
    value: "http://cdn.test/lib.js",
  });
  assert.match(
    await failing(() => Promise.resolve(moved)),
    /redirected to http:\/\/cdn\.test\/lib\.js, which is not https/u,
  );
  const megabyte = new Uint8Array(1024 * 1024);
  const endless = (): Response =>
    new Response(new ReadableStream({ pull: (stream) => stream.enqueue(megabyte) }));
  assert.match(await failing(() => Promise.resolve(endless())), /more than \d+ bytes/u);
});

test("a script imports a remote module, which imports its neighbours by relative URL", async (t) => {
  const dir = await folder(t, {
    "script.js": `import { add } from "${url}"; export default function () { return add(2); }`,
  });
  const { fetch, asked } = site({
    [url]: `import { one } from "./parts/one.js"; import data from "/data.json"; export const add = (n) => n + one + data.ten;`,
    "https://cdn.test/parts/one.js": "export const one = 1;",
    "https://cdn.test/data.json": '{"ten":10}',
  });
  const vu = await startVu(compileProgram(await loadScriptWith(request(dir), { fetch })));
  assert.equal(await vu.run(), 13);
  assert.equal(asked.length, 6);
});

test("remote failures stand at the import, with code and hint", async (t) => {
  const dir = await folder(t, { "script.js": `import x from "${url}";\nexport default () => x;` });
  await assert.rejects(load(dir, { offline: true }), (error: LakhError) => {
    assert.equal(error.code, "SCRIPT_REMOTE_OFFLINE");
    assert.ok(
      error.message.startsWith(`${join(dir, "script.js")}:1:15: The module ${url}`),
      error.message,
    );
    assert.match(error.hint ?? "", /module cache/u);
    return true;
  });
});

test("other schemes, and local files from remote modules, are refused", async (t) => {
  const dir = await folder(t, {
    "script.js": `import "http://cdn.test/x.js"; export default () => 1;`,
    "ftp.js": `import "ftp://cdn.test/x.js"; export default () => 1;`,
    "remote.js": `import "${url}"; export default () => 1;`,
  });
  await assert.rejects(load(dir), {
    code: "SCRIPT_MODULE_SCHEME",
    message:
      /only supported schemes for imports are file and https, http:\/\/cdn\.test\/x\.js has `http`/u,
  });
  await assert.rejects(load(dir, { path: join(dir, "ftp.js") }), { code: "SCRIPT_MODULE_SCHEME" });
  const { fetch } = site({ [url]: 'import "file:///etc/passwd"' });
  await assert.rejects(loadScriptWith(request(dir, { path: join(dir, "remote.js") }), { fetch }), {
    code: "SCRIPT_MODULE_SCHEME",
    message: /may not import the local file file:\/\/\/etc\/passwd/u,
  });
});

test("k6's helper libraries need no network, whatever their version", async (t) => {
  const dir = await folder(t, {
    "script.js": `
      import { uuidv4 } from "https://jslib.k6.io/k6-utils/1.4.0/index.js";
      import { randomString } from "https://jslib.k6.io/k6-utils/1.1.0/index.js?x=1";
      import { textSummary } from "https://jslib.k6.io/k6-summary/0.0.2/index.js";
      export default () => [uuidv4().length, randomString(3).length, typeof textSummary];`,
  });
  const vu = await loadVu(dir, { offline: true });
  assert.deepEqual(await vu.run(), [36, 3, "function"]);
});
