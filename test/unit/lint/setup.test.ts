import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingsOf, imports, linesOf, lint, trialFacts } from "./lint-harness.ts";

const thresholds = { http_req_duration: ["p(95)<300"] };
const options = { vus: 5, duration: "5m", thresholds };

describe("setup-in-metrics", () => {
  const rule = "setup-in-metrics";
  const withSetup = (body: string): string => `${imports}
function login(name) { return http.post("http://x/login", name).json("token"); }
export function setup() { ${body} }
export default function (data) { http.get("http://x/"); sleep(1); }`;

  it("finds requests of setup() under a threshold without tags; a loop of them is a warning", async () => {
    const [one] = await findingsOf(rule, {
      code: withSetup(`return http.get("http://x/");`),
      options,
    });
    assert.equal(one?.severity, "info");
    const [called] = await findingsOf(rule, { code: withSetup(`return login("a");`), options });
    assert.equal(called?.severity, "info");
    const loop = withSetup(`for (const id of [1, 2]) http.post("http://x/", id);`);
    const [many] = await findingsOf(rule, {
      code: loop,
      options,
      trial: trialFacts({ setupRequests: 2 }),
    });
    assert.equal(many?.severity, "warning");
    assert.ok(many.evidence.some(({ text }) => text === "2 requests in setup()"));
  });

  it("is content without requests in setup(), with a scenario tag, and without setup()", async () => {
    const request = withSetup(`return http.get("http://x/");`);
    const tagged = {
      ...options,
      thresholds: { "http_req_duration{scenario:default}": ["p(95)<300"] },
    };
    assert.deepEqual(await findingsOf(rule, { code: withSetup("return 1;"), options }), []);
    assert.deepEqual(await findingsOf(rule, { code: request, options: tagged }), []);
    assert.deepEqual(
      await findingsOf(rule, { code: request, options: { ...options, noSetup: true } }),
      [],
    );
    assert.deepEqual(
      await findingsOf(rule, {
        code: `${imports}export default function () { http.get("http://x/"); }`,
        options,
      }),
      [],
    );
  });
});

describe("setup-token-expires", () => {
  const rule = "setup-token-expires";
  const script = (more: string): string => `${imports}
export function setup() { return { token: http.post("http://x/login").json("token") }; }
export default function (data) {
  http.get("http://x/", { headers: { Authorization: \`Bearer \${data.token}\` } });
  ${more}
}`;
  const soak = { vus: 5, duration: "4h" };

  it("finds a token of setup() in a soak", async () => {
    const [finding] = await findingsOf(rule, { code: script(""), options: soak });
    assert.match(finding!.message, /takes 4h/u);
  });

  it("is content with short runs, with a script that renews, and with data that is no token", async () => {
    const other = `${imports}
export function setup() { return http.get("http://x/items").json(); }
export default function (data) { http.get("http://x/" + data.length); }`;
    assert.deepEqual(
      await findingsOf(rule, { code: script(""), options: { vus: 5, duration: "30m" } }),
      [],
    );
    assert.deepEqual(
      await findingsOf(rule, {
        code: script("refresh(data);") + "\nfunction refresh() {}",
        options: soak,
      }),
      [],
    );
    assert.deepEqual(await findingsOf(rule, { code: other, options: soak }), []);
  });
});

describe("setup-global", () => {
  const script = (set: string, use: string): string => `${imports}
let token;
let counter = 0;
export function setup() { ${set} }
export default function (data) { ${use} }`;

  it("finds a variable that setup() sets and VUs read", async () => {
    const code = script(`token = http.get("http://x/").body;`, `http.get("http://x/" + token);`);
    const [finding] = await findingsOf("setup-global", { code });
    assert.equal(finding?.severity, "problem");
    assert.match(finding.message, /^token is set in setup\(\)/u);
    assert.equal(linesOf(finding).length, 2);
  });

  it("is content with returned values, variables of the VU's own, and those that only setup() uses", async () => {
    const cases = [
      script(`return http.get("http://x/").body;`, `http.get("http://x/" + data);`),
      script(`token = 1;`, `token = 2; http.get("http://x/" + token);`),
      script(`token = 1; return token;`, `http.get("http://x/" + data);`),
      script(`return 1;`, `counter++; http.get("http://x/" + counter);`),
      script(`return 1;`, `token = token || http.get("http://x/").body;`),
    ];
    for (const code of cases)
      assert.deepEqual(await findingsOf("setup-global", { code }), [], code);
  });
});

describe("one-identity", () => {
  const login = (body: string): string => `${imports}
const users = new SharedArray("users", () => JSON.parse(open("./users.json")));
export default function () { const user = users[0]; ${body} }`;
  const constant = login(
    `http.post("http://x/login", JSON.stringify({ username: "bob", password: "hunter2-secret" }));`,
  );

  it("finds constant credentials in a body, and does not repeat the password", async () => {
    const outcome = await lint({ code: constant, options });
    const [finding] = outcome.findings.filter(({ rule }) => rule === "one-identity");
    assert.equal(finding?.severity, "warning");
    assert.ok(!JSON.stringify(outcome).includes("hunter2"));
  });

  it("finds one Authorization header over all VUs of the dry run", async () => {
    const code = `${imports}export default function () { http.get("http://x/"); }`;
    const given = { code, options };
    assert.equal(
      (await findingsOf("one-identity", { ...given, trial: trialFacts({ authorizations: 1 }) }))
        .length,
      1,
    );
    for (const authorizations of [3, undefined])
      assert.deepEqual(
        await findingsOf("one-identity", { ...given, trial: trialFacts({ authorizations }) }),
        [],
      );
  });

  it("is content with rows of data, one field, setup(), and a single VU", async () => {
    const cases = [
      {
        code: login(
          `http.post("http://x/login", JSON.stringify({ username: user.name, password: user.password }));`,
        ),
        options,
      },
      { code: login(`http.post("http://x/news", JSON.stringify({ email: "a@b.c" }));`), options },
      {
        code: login("").replace(
          "export default",
          `export function setup() { http.post("http://x/login", JSON.stringify({ username: "a", password: "b" })); }\nexport default`,
        ),
        options,
      },
      { code: constant, options: { vus: 1, duration: "1m" } },
    ];
    for (const each of cases) assert.deepEqual(await findingsOf("one-identity", each), []);
  });
});

describe("environment-as-state", () => {
  it("finds __ENV written in a function, and not in the init context", async () => {
    const inside = `${imports}export default function () { __ENV.TOKEN = "x"; }`;
    const outside = `${imports}__ENV.BASE = __ENV.BASE || "http://x"; export default function () { const env = {}; env.A = 1; }`;
    assert.equal((await findingsOf("environment-as-state", { code: inside })).length, 1);
    assert.deepEqual(await findingsOf("environment-as-state", { code: outside }), []);
  });
});
