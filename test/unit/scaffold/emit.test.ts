/** Whatever a description holds stays data: the script sends exactly that, and runs nothing of it. */
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { type ApiRequest, type Json, Variable } from "../../../src/scaffold/api.ts";
import { emitScript } from "../../../src/scaffold/emit.ts";
import { endpointName } from "../../../src/scaffold/paths.ts";
import { SecretStore } from "../../../src/scaffold/secrets.ts";

interface Call {
  readonly url: string;
  readonly body: unknown;
  readonly params: { headers?: Record<string, string>; tags: { name: string } };
}

/** What the script sends, by running it with modules of ours. */
function sent(requests: readonly ApiRequest[], env: Record<string, string> = {}): Call[] {
  const variables = Object.keys(env).map((name) => ({ name, meaning: "a\nsecret" }));
  const script = emitScript(
    {
      format: "test",
      title: "A\u2028B\nC",
      baseUrl: "http://a",
      requests,
      variables,
      notes: ["*/ x"],
    },
    "file.har",
  );
  const calls: Call[] = [];
  const http = {
    post: (url: string, body: unknown, params: Call["params"]) => calls.push({ url, body, params }),
  };
  const plain = script
    .replace(/^import .*$/gmu, "")
    .replace("export const", "const")
    .replace("export default function", "return function");
  // oxlint-disable-next-line typescript/no-implied-eval -- the point of the test: the text is a program
  const load = new Function("http", "check", "sleep", "__ENV", plain) as (
    ...modules: unknown[]
  ) => () => void;
  load(
    http,
    () => true,
    () => undefined,
    env,
  )();
  return calls;
}

const post = (parts: Partial<ApiRequest>): ApiRequest => ({
  method: "POST",
  name: "/",
  summary: "",
  path: ["/"],
  headers: [],
  body: undefined,
  status: 200,
  pauseSeconds: 0,
  ...parts,
});

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "`${1}`",
    "\\`",
    "\\",
    "$",
    "${",
    '"\\"',
    "*/",
    "\u2028",
    "__proto__",
    "</script>",
  ),
);

it("texts and JSON arrive as they were, whatever is in them", () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(nasty, nasty, nasty, json, (name, path, header, value) => {
      const [call] = sent(
        [
          post({
            name,
            summary: header,
            path: [path, new Variable("TOKEN"), path],
            headers: [[header, [header, new Variable("TOKEN")]]],
            body: { kind: "json", value: value as Json },
          }),
        ],
        { TOKEN: "t" },
      );
      assert.equal(call!.url, `http://a${path}t${path}`);
      assert.equal(call!.params.tags.name, name);
      if (header !== "__proto__") assert.equal(call!.params.headers?.[header], `${header}t`);
      assert.deepEqual(JSON.parse(call!.body as string), JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("data that looks like a variable is none", () => {
  const value = { name: "TOKEN", variable: "TOKEN" };
  const [call] = sent([post({ body: { kind: "json", value } })]);
  assert.deepEqual(JSON.parse(call!.body as string), value);
});

it("variables of one value are one, of different values are different, and none is BASE_URL", () => {
  const store = new SecretStore();
  const names = [
    store.take("Authorization", "a", ""),
    store.take("Authorization", "b", ""),
    store.take("Authorization", "a", ""),
    store.take("base-url", "x", ""),
    store.take("2fa", "x", ""),
  ].map(({ name }) => name);
  assert.deepEqual(names, [
    "AUTHORIZATION",
    "AUTHORIZATION_2",
    "AUTHORIZATION",
    "BASE_URL_2",
    "VALUE_2FA",
  ]);
});

it("tokens are found by their look, wherever they stand", () => {
  const store = new SecretStore();
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
  assert.deepEqual(store.hideTokens(`a ${token} b`, "note", "the"), [
    "a ",
    new Variable("NOTE_TOKEN"),
    " b",
  ]);
  const hidden = store.hideInJson({
    list: [{ deep: `see ${token}`, plain: "text", userPassword: 5 }],
  });
  assert.doesNotMatch(JSON.stringify(hidden), /eyJ|5/u);
});

it("an endpoint's name has a placeholder for ids and for nothing else", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["/", "/"],
    ["/api/v1/home", "/api/v1/home"],
    ["/users/12/orders/34", "/users/{id}/orders/{id}"],
    ["/a/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/a/{id}"],
    ["/a/5f2b1c3d4e5f6a7b8c9d0e1f", "/a/{id}"],
    ["/continue-watching-recommendations", "/continue-watching-recommendations"],
    ["/%ZZ/1", "/%ZZ/{id}"],
  ];
  for (const [path, name] of cases) assert.equal(endpointName(path), name);
});
