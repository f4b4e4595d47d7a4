/** What counts as a secret, and that none of its forms is left in a text or in data. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isSecretName } from "../../../src/secrets/names.ts";
import { Redactor, secretValues } from "../../../src/secrets/index.ts";
import { maskUrls } from "../../../src/secrets/urls.ts";

describe("isSecretName", () => {
  const secret =
    "API_TOKEN token dbPassword AWS_SECRET_ACCESS_KEY STRIPE_KEY client-secret BASIC_AUTH TOKEN_STAGING PASSWORD_2 ACCESSTOKEN apikey CREDENTIALS JWT";
  for (const name of secret.split(" ")) it(`${name} is one`, () => assert.ok(isSecretName(name)));
  const plain =
    "PATH PWD HOME BASE_URL AUTH_URL TOKEN_TTL AWS_ACCESS_KEY_ID SSH_AUTH_SOCK KEY_FILE K6_SECRET_SOURCE MONKEY KEYBOARD AUTHOR USERS tokenize";
  for (const name of plain.split(" ")) it(`${name} is none`, () => assert.ok(!isSecretName(name)));

  it("leaves out values too short to be told from other text", () => {
    assert.deepEqual(secretValues({ A_KEY: "12345", B_KEY: "123456", OTHER: "abcdefgh" }), [
      "123456",
    ]);
  });
});

describe("Redactor", () => {
  it("takes out a secret as it is, as it stands in a URL and as it stands in JSON", () => {
    const redactor = new Redactor();
    const secret = 'p"ss wörd/+\\';
    redactor.add(secret);
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      const shown = redactor.redact(`a ${form} b ${form}`);
      assert.equal(shown, "a ***SECRET_REDACTED*** b ***SECRET_REDACTED***");
    }
  });

  it("leaves nothing of a secret that begins with another", () => {
    const redactor = new Redactor();
    redactor.add("s3cret");
    redactor.add("s3cret-and-more");
    assert.equal(redactor.redact("x s3cret-and-more y"), "x ***SECRET_REDACTED*** y");
  });

  it("leaves short secrets where they may stand by chance, in what is kept", () => {
    const redactor = new Redactor();
    redactor.add("b");
    assert.equal(redactor.redact("a b"), "a ***SECRET_REDACTED***");
    assert.equal(redactor.conceal("a b"), "a b");
  });

  it("takes secrets out of data: names, values and what lies under a secret's name", () => {
    const redactor = new Redactor();
    redactor.add("s3cret-value");
    const data = {
      "name s3cret-value": [1, "x s3cret-value"],
      tlsAuth: [{ cert: "PEM", key: "PRIVATE", password: "hunter2" }],
      env: { API_TOKEN: "abc" },
      n: null,
      keys: 3,
    };
    assert.deepEqual(redactor.concealData(data), {
      "name ***SECRET_REDACTED***": [1, "x ***SECRET_REDACTED***"],
      tlsAuth: [{ cert: "PEM", key: "***", password: "***" }],
      env: { API_TOKEN: "***" },
      n: null,
      keys: 3,
    });
  });
});

describe("maskUrls", () => {
  const cases: readonly [text: string, masked: string][] = [
    ["GET http://ann:pw@h/x failed", "GET http://ann:***@h/x failed"],
    ['Get "http://h/?a=1&access_token=abc&b=2"', 'Get "http://h/?a=1&access_token=***&b=2"'],
    ["http://h/?X-Amz-Signature=abc#f", "http://h/?X-Amz-Signature=***#f"],
    ["http://h/?key=AIzaSyA-1234567890", "http://h/?key=***"],
    ["http://h/?api_key=a&client_secret=b", "http://h/?api_key=***&client_secret=***"],
  ];
  for (const [text, masked] of cases) it(text, () => assert.equal(maskUrls(text), masked));
  const untouched = [
    "http://****:****@h/x",
    "http://ann:***@h/x",
    "http://h/?key=5&page=2",
    "http://h/?token=${}",
    "http://h/@x:y",
    "a=b",
    "mailto:ann@example.com",
  ];
  for (const text of untouched) it(`leaves ${text}`, () => assert.equal(maskUrls(text), text));
});

describe("Redactor.concealBeginning", () => {
  it("takes out the beginning of a secret that a text was cut in, and whole ones", () => {
    const redactor = new Redactor();
    redactor.add("s3cret-value/with more");
    assert.equal(
      redactor.concealBeginning("a s3cret-value/with more b s3cret-v"),
      "a ***SECRET_REDACTED*** b ***SECRET_REDACTED***",
    );
    assert.equal(redactor.concealBeginning("x s3cret-value%2Fwi"), "x ***SECRET_REDACTED***");
    assert.equal(redactor.concealBeginning("nothing of it"), "nothing of it");
  });
});
