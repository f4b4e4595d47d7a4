import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createModules, SecretStore } from "../../../../src/k6/index.ts";
import { parseSecretSources, Redactor, type SecretSource } from "../../../../src/secrets/index.ts";
import { TestVu } from "../../../support/k6-vu.ts";

interface Source {
  get(key?: unknown): Promise<string>;
}
interface Secrets extends Source {
  source(name?: unknown): Source;
}

const nowhere = { env: {}, cwd: "/" };

function open(sources: readonly SecretSource[], given: string[] = []): Secrets {
  const vu = new TestVu();
  vu.secrets = new SecretStore(sources, (value) => given.push(value));
  return (createModules(vu)("k6/secrets") as { default: Secrets }).default;
}

async function rejection(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no rejection",
    (reason: unknown) => String(reason),
  );
}

test("a single source is the default one", async () => {
  const given: string[] = [];
  const secrets = open(parseSecretSources(["mock=one=1,two=a=b"], nowhere), given);
  assert.equal(await secrets.get("one"), "1");
  assert.equal(await secrets.get("two"), "a=b");
  assert.deepEqual(given, ["1", "a=b"]);
  assert.equal(await rejection(secrets.get("three")), "no value");
  assert.equal(await rejection(secrets.get()), "no value");
});

test("of several sources the default must be named, and the others are found by name", async () => {
  const texts = ["mock=a=1,name=x,default", "mock=a=2,name=y"];
  const secrets = open(parseSecretSources(texts, nowhere));
  assert.equal(await secrets.get("a"), "1");
  assert.equal(await secrets.source("y").get("a"), "2");
  assert.equal(
    await rejection(secrets.source("z").get("a")),
    'no secret source with name "z" is configured',
  );
  const none = open(parseSecretSources(["mock=a=1,name=x", "mock=a=2,name=y"], nowhere));
  assert.equal(
    await rejection(none.get("a")),
    'no secret source with name "default" is configured',
  );
});

test("without a source every secret is missing", async () => {
  assert.equal(await rejection(open([]).get("a")), "no secret sources are configured");
});

test("a file has a line for each secret, taken as it is", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "lakh-secrets-"));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "s.env"), "one= padded \neq=a=b\n#c=comment\nempty=\n");
  for (const text of ["file=s.env", "file=filename=s.env,name=files"]) {
    const secrets = open(parseSecretSources([text], { env: {}, cwd: dir }));
    assert.equal(await secrets.get("one"), " padded ");
    assert.equal(await secrets.get("eq"), "a=b");
    assert.equal(await secrets.get("#c"), "comment");
    assert.equal(await secrets.get("empty"), "");
  }
});

/** Texts of k6. */
const refused: readonly (readonly [string[], string])[] = [
  [[""], 'couldn\'t parse secret source configuration ""'],
  [["nope=x"], 'no secret source for type "nope" for configuration "nope=x"'],
  [["mock"], 'parsing "", needs ='],
  [["file=nofile"], "open nofile: no such file or directory"],
  [["file=x,zzz=1"], 'unknown configuration key for file secret source "zzz"'],
  [
    ["mock=a=1", "mock=b=2"],
    'secret source for name "mock" already registered before configuration "mock=b=2"',
  ],
  [["url"], "missing or invalid config: urlTemplate is required"],
  [
    ["url=http://x/{key}"],
    'missing or invalid config: invalid config format "http://x/{key}", expected key=value',
  ],
  [
    ["url=urlTemplate=http://x"],
    "missing or invalid config: urlTemplate must contain {key} placeholder",
  ],
  [
    ["url=urlTemplate=http://x/{key},zzz=1"],
    'missing or invalid config: unknown configuration key: "zzz"',
  ],
  [
    ["url=urlTemplate=http://x/{key},timeout=abc"],
    'missing or invalid config: invalid timeout: time: invalid duration "abc"',
  ],
  [
    ["url=urlTemplate=http://x/{key},timeout=0"],
    "missing or invalid config: timeout must be greater than 0",
  ],
  [
    ["url=urlTemplate=http://x/{key},maxRetries=x"],
    "missing or invalid config: invalid maxRetries: expected integer",
  ],
  [
    ["url=urlTemplate=http://x/{key},maxRetries=-1"],
    "missing or invalid config: maxRetries must be non-negative",
  ],
  [
    ["url=urlTemplate=http://x/{key},requestsBurst=0"],
    "missing or invalid config: requestsBurst must be greater than 0",
  ],
  [
    ["url=config=no.json"],
    "missing or invalid config: failed to open config file: open no.json: no such file or directory",
  ],
];

for (const [texts, message] of refused) {
  test(`--secret-source ${texts.join(" ")} is refused as by k6`, () => {
    assert.throws(() => parseSecretSources(texts, nowhere), {
      code: "SECRET_SOURCE",
      message,
      exitCode: 255,
    });
  });
}

async function serve(
  t: TestContext,
  answers: (path: string) => [number, string],
): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${String(request.headers["x-token"])}`);
    const [status, body] = answers(request.url!);
    response.writeHead(status).end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test("an endpoint is asked once a secret, again after a fault that may pass, and its JSON is searched", async (t) => {
  let faults = 0;
  const { origin, asked } = await serve(t, (path) => {
    if (path === "/flaky") return faults++ === 0 ? [503, ""] : [200, '{"data":{"value":"late"}}'];
    if (path === "/number") return [200, '{"data":{"value":5}}'];
    return path === "/none" ? [404, ""] : [200, '{"data":{"value":"v"}}'];
  });
  const text = `url=urlTemplate=${origin}/{key},method=POST,headers.X-Token=t,responsePath=data.value,retryBackoff=1ms`;
  const secrets = open(parseSecretSources([text], nowhere));
  assert.equal(await secrets.get("a"), "v");
  assert.equal(await secrets.get("a"), "v");
  assert.equal(await secrets.get("flaky"), "late");
  assert.equal(await rejection(secrets.get("none")), "status code 404: failed to get secret");
  assert.equal(
    await rejection(secrets.get("number")),
    'failed to extract secret: secret value at path "data.value" is not a string (got Number)',
  );
  assert.deepEqual(
    asked,
    ["/a", "/flaky", "/flaky", "/none", "/number"].map((path) => `POST ${path} t`),
  );
});

test("the settings of an endpoint come from variables, a file and the flag, the last ones winning", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "lakh-secrets-"));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(
    join(dir, "c.json"),
    '{"urlTemplate":"http://f/{key}","timeout":"7s","headers":{"A":"file"}}',
  );
  const env = {
    K6_SECRET_SOURCE_URL_URL_TEMPLATE: "http://e/{key}",
    K6_SECRET_SOURCE_URL_MAX_RETRIES: "9",
    K6_SECRET_SOURCE_URL_HEADER_X_TOKEN: "env",
  };
  const [source] = parseSecretSources(["url=config=c.json,timeout=8s"], { env, cwd: dir });
  assert.ok(source?.kind === "url");
  const { urlTemplate, timeoutMs, maxRetries, headers } = source.config;
  assert.deepEqual(
    { urlTemplate, timeoutMs, maxRetries, headers },
    {
      urlTemplate: "http://f/{key}",
      timeoutMs: 8_000,
      maxRetries: 9,
      headers: { "X-TOKEN": "env", A: "file" },
    },
  );
});

test("what has been given is taken out of texts and fields, whatever characters it has", () => {
  const redactor = new Redactor();
  assert.equal(redactor.redact("as it is"), "as it is");
  for (const secret of ["a.b", "", "(c-d)/\\", "a.b"]) redactor.add(secret);
  assert.equal(
    redactor.redact("x a.b axb (c-d)/\\ y"),
    "x ***SECRET_REDACTED*** axb ***SECRET_REDACTED*** y",
  );
  assert.deepEqual(redactor.redactFields({ error: "no a.b" }), {
    error: "no ***SECRET_REDACTED***",
  });
});
