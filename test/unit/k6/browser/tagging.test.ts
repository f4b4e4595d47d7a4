import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toTagger } from "../../../../src/k6/browser/tagging.ts";

const subject = { url: "http://a/users/17", method: "GET" };

describe("a handler of page.on('metric')", () => {
  it("names what matches by address and method", () => {
    const tagger = toTagger((metric) =>
      metric.tag({ name: "user", matches: [{ url: /\/users\/\d+/u, method: "GET" }] }),
    );
    assert.equal(tagger(subject), "user");
    assert.equal(tagger({ ...subject, method: "POST" }), undefined);
    assert.equal(tagger({ ...subject, url: "http://a/" }), undefined);
    assert.equal(tagger({ ...subject, method: undefined }), "user");
  });

  it("may use a global expression again and again", () => {
    const matches = [{ url: /users/gu }];
    const tagger = toTagger((metric) => metric.tag({ name: "user", matches }));
    assert.deepEqual([tagger(subject), tagger(subject)], ["user", "user"]);
  });

  it("may tag several times; the last match counts", () => {
    const tagger = toTagger((metric) => {
      metric.tag({ name: "all", matches: [{ url: /./u }] });
      metric.tag({ name: "users", matches: [{ url: /users/u }] });
      metric.tag({ name: "none", matches: [{ url: /nothing/u }] });
    });
    assert.equal(tagger(subject), "users");
  });

  it("is told what is wrong with its tag", () => {
    const tag = (rule: object) => toTagger((metric) => metric.tag(rule))(subject);
    assert.throws(() => tag({ matches: [] }), { name: "GoError", message: 'name "" is invalid' });
    assert.throws(() => tag({ name: "x" }), { name: "GoError" });
    assert.throws(() => tag({ name: "x", matches: [{ url: "text" }] }), { name: "GoError" });
  });
});
