/** What of headers, URLs and bodies may not be kept, and that hostile texts hide none of it from the rules. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { maskHeader, maskPrivateUrl, maskText } from "../../../src/secrets/index.ts";
import { isPrivateField } from "../../../src/secrets/private-fields.ts";

const hidden = "hunter2-XYZ";

describe("isPrivateField", () => {
  const names =
    "password access_token api_key apiKey client-secret session session_id sessionId sid otp pin card cardNumber cvv2 user[password] data.attributes.password X-CSRF-Token signature PHPSESSID refreshTokens";
  for (const name of names.split(" ")) it(`${name} is one`, () => assert.ok(isPrivateField(name)));
  const plain =
    "token_type expires_in session_timeout card_brand name email phone id page discard spinning authored monkey status";
  for (const name of plain.split(" "))
    it(`${name} is none`, () => assert.ok(!isPrivateField(name)));
});

describe("maskHeader", () => {
  const cases: readonly [name: string, value: string, masked: string][] = [
    ["Authorization", `Bearer ${hidden}`, "Bearer *** (11 characters)"],
    ["authorization", hidden, "*** (11 characters)"],
    ["Proxy-Authorization", `Basic ${hidden}`, "Basic *** (11 characters)"],
    ["Authorization", `Digest username="ann", response="${hidden}"`, "Digest *** (38 characters)"],
    ["Cookie", `sid=${hidden}; theme=dark`, "sid=***; theme=***"],
    ["Cookie", hidden, "***"],
    ["Set-Cookie", `sid=${hidden}; Path=/; HttpOnly`, "sid=***; Path=/; HttpOnly"],
    ["X-Api-Key", hidden, "*** (11 characters)"],
    ["X-Auth-Token", hidden, "*** (11 characters)"],
    ["X-CSRF-Token", hidden, "*** (11 characters)"],
    ["Location", `/next?token=${hidden}&page=2`, "/next?token=***&page=2"],
    ["Referer", `https://ann:${hidden}@h/x`, "https://ann:***@h/x"],
    ["X-Debug", `Bearer ${hidden}`, "Bearer ***"],
    ["Content-Type", "application/json; charset=utf-8", "application/json; charset=utf-8"],
    ["WWW-Authenticate", 'Bearer realm="api"', 'Bearer realm="api"'],
    ["Access-Control-Allow-Credentials", "true", "true"],
  ];
  for (const [name, value, masked] of cases)
    it(`${name}: ${value}`, () => assert.equal(maskHeader(name, value), masked));
});

describe("maskPrivateUrl", () => {
  const cases: readonly [url: string, masked: string][] = [
    [`http://ann:${hidden}@h/x`, "http://***@h/x"],
    [`http://${hidden}@h/x`, "http://***@h/x"],
    [`http://h/x?otp=${hidden}&page=2`, "http://h/x?otp=***&page=2"],
    [`http://h/x?user%5Bpassword%5D=${hidden}`, "http://h/x?user%5Bpassword%5D=***"],
    [`http://h/x#access_token=${hidden}&state=1`, "http://h/x#access_token=***&state=1"],
    [`http://h/x?next=%2Fy%3Ftoken%3D${hidden}`, "http://h/x?next=%2Fy%3Ftoken%3D***"],
    [`http://h/x?q={"password":"${hidden}"}`, 'http://h/x?q={"password":"***"}'],
    ["http://h/x?page=2&sort=name", "http://h/x?page=2&sort=name"],
    ["http://h/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.abc", "http://h/reset/***"],
  ];
  for (const [url, masked] of cases) it(url, () => assert.equal(maskPrivateUrl(url), masked));
});

describe("maskText", () => {
  const cases: readonly [what: string, text: string, masked: string][] = [
    ["JSON", `{"user":"ann","password":"${hidden}"}`, '{"user":"ann","password":"***"}'],
    ["spaced", `{ "password" : "${hidden}" }`, '{ "password" : "***" }'],
    ["nested", `{"a":[{"b":{"apiKey":"${hidden}"}}]}`, '{"a":[{"b":{"apiKey":"***"}}]}'],
    ["a number", `{"pin":1234,"page":2}`, '{"pin":***,"page":2}'],
    ["a list", `{"tokens":["${hidden}","]"],"n":1}`, '{"tokens":"***","n":1}'],
    ["an object", `{"card":{"number":"${hidden}","s":"}"},"n":1}`, '{"card":"***","n":1}'],
    ["an escaped quote", `{"password":"a\\"${hidden}","n":1}`, '{"password":"***","n":1}'],
    ["a backslash at the end", `{"password":"${hidden}\\\\","n":1}`, '{"password":"***","n":1}'],
    ["an escaped name", `{"p\\u0061ssword":"${hidden}"}`, '{"p\\u0061ssword":"***"}'],
    ["cut in a text", `{"user":"ann","password":"${hidden}`, '{"user":"ann","password":"***'],
    ["cut in an object", `{"session":{"id":"${hidden}`, '{"session":"***"'],
    ["cut behind the name", '{"password":', '{"password":'],
    ["a form", `user=ann&password=${hidden}&page=2`, "user=ann&password=***&page=2"],
    ["a form with raw signs", `password=a; "${hidden}"&page=2`, "password=***&page=2"],
    ["an encoded name", `user%5Bpassword%5D=${hidden}`, "user%5Bpassword%5D=***"],
    [
      "JSON in a form",
      `p=${encodeURIComponent(`{"pin":"${hidden}"}`)}`,
      `p=${encodeURIComponent('{"pin":"')}***${encodeURIComponent('"}')}`,
    ],
    ["XML", `<a><Password>${hidden}</Password></a>`, "<a><Password>***</Password></a>"],
    ["CDATA", `<password><![CDATA[${hidden}]]></password>`, "<password>***</password>"],
    ["an attribute", `<login password="${hidden}" user="a"/>`, '<login password="***" user="a"/>'],
    [
      "a page's field",
      `<input type="hidden" name="csrf_token" value="${hidden}">`,
      '<input type="hidden" name="csrf_token" value="***">',
    ],
    [
      "a page's head",
      `<meta content='${hidden}' name="csrf-token">`,
      '<meta content="***\' name="csrf-token">',
    ],
    ["a URL in JSON", `{"next":"http://h/?sid=${hidden}"}`, '{"next":"http://h/?sid=***"}'],
    [
      "a header in a text",
      `sent Authorization: Bearer ${hidden}`,
      "sent Authorization: Bearer ***",
    ],
    ["a cut JSON Web Token", `{"x":"eyJhbGciOiJIUzI1NiJ9`, '{"x":"***'],
  ];
  for (const [what, text, masked] of cases)
    it(`masks ${what}`, () => assert.equal(maskText(text), masked));

  it("masks the private parts of multipart/form-data", () => {
    const body = (value: string): string =>
      `--b\r\nContent-Disposition: form-data; name="user"\r\n\r\nann\r\n--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${value}\r\n--b--\r\n`;
    assert.equal(maskText(body(hidden)), body("***"));
    assert.ok(!maskText(body(hidden).slice(0, -10)).includes(hidden));
  });

  const untouched = [
    '{"error":"Invalid token: expired","code":401}',
    '{"token_type":"bearer","expires_in":3600,"password":null,"session":""}',
    "upstream unavailable",
    "Basic authentication required",
    "a=1&b=2",
    "<html><body>It works</body></html>",
    "",
  ];
  for (const text of untouched) it(`leaves ${text}`, () => assert.equal(maskText(text), text));

  it("leaves nothing of a private value, at any depth of escaping, wherever the text is cut", () => {
    const name = fc.constantFrom("password", "access_token", "apiKey", "cvv", "session_id");
    // Of a value of one sign alone nobody could tell where it comes from.
    const value = fc.string({ minLength: 2, maxLength: 20 }).map((text) => `§${text}§`);
    const others = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), {
      maxKeys: 3,
    });
    fc.assert(
      fc.property(
        fc.record({ name, value, others, depth: fc.nat(3), cut: fc.nat(200) }),
        ({ name: key, value: secret, others: rest, depth, cut }) => {
          let text = JSON.stringify({ ...rest, [key]: secret, z: 1 });
          for (let level = 0; level < depth; level++) text = JSON.stringify({ inner: text });
          assert.ok(!maskText(text).includes("§"), text);
          assert.ok(!maskText(text.slice(0, cut)).includes("§"), text.slice(0, cut));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
