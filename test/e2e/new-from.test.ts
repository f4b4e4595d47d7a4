/** Scripts made from descriptions, run by the real command line against a server that keeps what it was sent. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { repoRoot, runLakh, scratchFolder } from "../support/cli.ts";
import { requireK6 } from "../support/k6-binary.ts";
import { spawnSync } from "node:child_process";

const fixtures = join(repoRoot, "test", "e2e", "fixtures", "api");

interface Received {
  readonly request: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Answers with the status that `statusOf` says, and keeps what came. */
async function recorder(
  t: TestContext,
  statusOf: (request: string) => number,
): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const line = `${request.method} ${request.url}`;
      received.push({ request: line, headers: request.headers, body });
      response.statusCode = statusOf(line);
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

interface Made {
  readonly cwd: string;
  readonly script: string;
  readonly stdout: string;
  readonly stderr: string;
}

async function make(t: TestContext, fixture: string, ...flags: string[]): Promise<Made> {
  const cwd = scratchFolder(t);
  const result = await runLakh(["new", "journey.js", "--from", join(fixtures, fixture), ...flags], {
    cwd,
  });
  assert.equal(result.code, 0, result.stderr);
  const script = readFileSync(join(cwd, "journey.js"), "utf8");
  assert.match(script, new RegExp(`from ${basename(fixture)} \\(`, "u"));
  assert.doesNotMatch(script, /s3cret|hunter2/u, "a secret of the description is in the script");
  // Every request has a name, a check, and the script has thresholds and think time.
  const requests = script.match(/http\.\w+\(/gu)?.length;
  assert.equal(script.match(/tags: \{ "name": /gu)?.length, requests);
  assert.equal(script.match(/check\(response, /gu)?.length, requests);
  assert.match(script, /thresholds: \{/u);
  assert.match(script, /sleep\(0\.5 \+ Math\.random\(\)\)/u);
  return { cwd, script, stdout: result.stdout, stderr: result.stderr };
}

/** Runs the script once. */
async function runScript(
  { cwd }: Made,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const flags = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const result = await runLakh(["run", ...flags, "journey.js"], { cwd });
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.match(result.stdout, /checks_succeeded\.*: 100\.00%/u);
}

describe("a script from OpenAPI", () => {
  it("sends each operation as it is described, deletions last", async (t) => {
    const statuses: Readonly<Record<string, number>> = { POST: 201, DELETE: 204 };
    const { url, received } = await recorder(t, (line) => statuses[line.split(" ")[0]!] ?? 200);
    const made = await make(t, "petstore.yaml");
    await runScript(made, { BASE_URL: `${url}/v1`, TOKEN: "t", X_API_KEY: "k", PASSWORD: "p" });
    assert.deepEqual(
      received.map(({ request }) => request),
      [
        "GET /v1/pets?limit=10",
        "POST /v1/pets",
        "GET /v1/pets/rex%201",
        "PUT /v1/pets/7/photo",
        "DELETE /v1/pets/rex%201",
      ],
    );
    const [list, create, , photo, remove] = received;
    assert.equal(list?.headers.authorization, undefined, "an operation without security");
    assert.equal(create?.headers.authorization, "Bearer t");
    assert.equal(create.headers["content-type"], "application/json");
    const pet = JSON.parse(create.body) as Record<string, unknown>;
    assert.equal(pet["name"], "Rex `${1 + 1}`", "data stays data");
    assert.equal(pet["variable"], "globalThis.injected = 1");
    assert.equal("id" in pet, false, "read-only fields are not sent");
    assert.deepEqual(Object.fromEntries(new URLSearchParams(photo!.body)), {
      url: "https://example.com/rex.jpg",
      password: "p",
    });
    assert.equal(remove?.headers["x-api-key"], "k");
    assert.match(
      made.script,
      /^const baseUrl = __ENV\.BASE_URL \|\| "https:\/\/petstore\.example\.com\/v1";$/mu,
    );
    assert.match(made.script, /"name": "\/pets\/\{petId\}"/u);
    assert.match(made.stderr, /1 deprecated/u);
  });
});

describe("a script from a HAR file", () => {
  it("sends what reached the backend, with the user's pauses and without secrets", async (t) => {
    const { url, received } = await recorder(t, (line) => (line.includes("basket") ? 302 : 200));
    const made = await make(t, "visit.har");
    const variables = { AUTHORIZATION: "a", COOKIE: "sid=c", PASSWORD: "p", PIN: "1", CSRF: "x" };
    await runScript(made, { BASE_URL: url, ...variables, ACCESS_TOKEN: "q" });
    assert.deepEqual(
      received.map(({ request }) => request),
      ["POST /api/login", "GET /api/users/4711/orders?page=2&access_token=q", "POST /api/basket"],
    );
    const [login, orders, basket] = received;
    assert.deepEqual(JSON.parse(login!.body), { user: "ann", password: "p", pin: "1" });
    assert.equal(login?.headers.cookie, "sid=c");
    assert.equal(login.headers.accept, "application/json");
    assert.equal(orders?.headers.authorization, "Bearer a");
    assert.equal(orders.headers["if-none-match"], undefined);
    assert.equal(basket?.headers.authorization, "Bearer a", "one variable for one token");
    assert.deepEqual(Object.fromEntries(new URLSearchParams(basket.body)), {
      item: "a b",
      csrf: "x",
    });
    // 2.6 s after the start of a request of 0.1 s.
    assert.deepEqual(made.script.match(/sleep\([\d.]+\)/gu), ["sleep(2.5)"]);
    assert.match(made.script, /"name": "\/api\/users\/\{id\}\/orders"/u);
    for (const note of [
      /1 request to other hosts/u,
      /1 request for images/u,
      /1 request that failed/u,
    ])
      assert.match(made.script, note);
  });
});

describe("a script from a Postman collection", () => {
  it("sends its requests with its variables, and has the undefined ones in the environment", async (t) => {
    const { url, received } = await recorder(t, (line) => (line.includes("login") ? 201 : 200));
    const made = await make(t, "shop.postman_collection.json");
    const variables = {
      TOKEN: "t",
      PASSWORD: "p",
      ORDER_ID: "o1",
      API_KEY: "k",
      X_KEY: "x",
      TERM: "shoes",
    };
    await runScript(made, { BASE_URL: url, ...variables });
    assert.deepEqual(
      received.map(({ request }) => request),
      ["POST /login", "GET /users/12/orders/o1?page=1&api_key=k", "POST /search"],
    );
    const [login, order, search] = received;
    assert.equal(login?.headers.authorization, undefined);
    assert.equal(login?.headers["x-tenant"], "north");
    assert.equal(login?.headers["x-off"], undefined);
    assert.equal(login?.headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(login!.body), { user: "ann", password: "p" });
    assert.equal(order?.headers.authorization, "Bearer t", "inherited from the collection");
    assert.equal(search?.headers["x-key"], "x");
    assert.equal(search.body, "q=shoes");
    assert.match(made.script, /"name": "\/users\/\{userId\}\/orders\/\{orderId\}"/u);
    assert.match(made.script, /other\.example\.net/u);
    assert.match(made.script, /scripts \(pre-request, tests\) are not part of it/u);
  });
});

for (const fixture of ["petstore.yaml", "visit.har", "shop.postman_collection.json"]) {
  it(`k6 takes the script from ${fixture}, too`, async (t) => {
    const k6 = requireK6(t);
    if (k6 === undefined) return;
    const { cwd } = await make(t, fixture);
    const { status, stderr } = spawnSync(k6, ["inspect", "journey.js"], { cwd, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
}

describe("lakh new", () => {
  it("--with-config writes a config file that lakh plan reads, with secrets from the environment", async (t) => {
    const { cwd, stdout } = await make(t, "petstore.yaml", "--with-config");
    assert.match(stdout, /New config file created: lakh\.config\.ts/u);
    const env = { TOKEN: "s3cret-env" };
    const plan = await runLakh(["plan", "--json"], { cwd, env });
    assert.equal(plan.code, 0, plan.stderr);
    const { configFile, demand } = JSON.parse(plan.stdout) as {
      configFile: string;
      demand: { dau: number };
    };
    assert.equal(basename(configFile), "lakh.config.ts");
    assert.equal(demand.dau, 100_000);
    const text = readFileSync(join(cwd, "lakh.config.ts"), "utf8");
    assert.match(text, /TOKEN: process\.env\.TOKEN/u);
    assert.match(text, /url: "https:\/\/petstore\.example\.com\/v1"/u);
  });

  it("--with-config goes with a template as well, and overwrites nothing", async (t) => {
    const cwd = scratchFolder(t);
    const first = await runLakh(["new", "--with-config"], { cwd });
    assert.equal(first.code, 0, first.stderr);
    assert.equal((await runLakh(["plan"], { cwd })).code, 0);
    const second = await runLakh(["new", "other.js", "--with-config"], { cwd });
    assert.equal(second.code, 255);
    assert.match(second.stderr, /lakh\.config\.ts already exists/u);
  });

  const broken: readonly (readonly [string, string, RegExp, string])[] = [
    [
      "what nobody can tell",
      "{}",
      /neither OpenAPI nor HAR nor a Postman collection/u,
      "API_DESCRIPTION",
    ],
    [
      "Swagger 2.0",
      '{"swagger":"2.0","info":{"title":"a","version":"1"},"paths":{}}',
      /Swagger 2\.0: convert/u,
      "API_DESCRIPTION",
    ],
    ["a HAR without entries", '{"log":{}}', /log\.entries: /u, "API_DESCRIPTION"],
    [
      "an empty visit",
      '{"log":{"entries":[]}}',
      /has no request to send/u,
      "API_DESCRIPTION_EMPTY",
    ],
    ["a wrong OpenAPI", '{"openapi":"3.0.3","paths":{}}', /info/u, "API_DESCRIPTION"],
  ];
  for (const [title, text, message, code] of broken)
    it(`refuses ${title}`, async (t) => {
      const cwd = scratchFolder(t, { "api.json": text });
      const { code: exit, stderr } = await runLakh(["new", "--from", "api.json"], { cwd });
      assert.equal(exit, 255);
      assert.match(stderr, message);
      assert.match(stderr, new RegExp(`code: ${code}`, "u"));
    });
});
