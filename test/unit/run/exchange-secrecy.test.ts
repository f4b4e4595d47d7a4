/** Secrets that a run was given are in no kept exchange, also where a text was cut in the middle of one. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { redactExchanges } from "../../../src/run/exchange-secrecy.ts";
import { Redactor } from "../../../src/secrets/index.ts";
import { keptExchange } from "../../support/exchange.ts";

const secret = "s3cret-value-0123456789";
const begun = secret.slice(0, 12);

it("takes a secret out of every text of an exchange, and its beginning out of those that were cut", () => {
  const redactor = new Redactor();
  redactor.add(secret);
  const message = (text: string, bytes: number) => ({
    headers: [[`X-${secret}`, `${begun}…`]] as const,
    furtherHeaders: 0,
    body: { kind: "text", text, shownBytes: 40, bytes } as const,
  });
  const exchange = keptExchange({
    scenario: secret,
    group: `::${secret}`,
    name: `page of ${secret}`,
    url: `http://h/${begun}…`,
    error: `x ${secret}`,
    request: message(`{"note":"${secret}"}`, 40),
    response: message(`whatever ${begun}`, 999),
  });
  const kind = { method: "GET", name: secret, status: 0, errorCode: 1_000, error: secret };
  const exchanges = {
    slowest: [exchange],
    failures: [{ ...kind, count: 1, samples: [exchange] }],
    furtherFailures: 0,
  };
  const text = JSON.stringify(redactExchanges(exchanges, redactor));
  assert.ok(!text.includes(begun), text);
  assert.match(text, /whatever \*\*\*SECRET_REDACTED\*\*\*/u);
  assert.match(text, /http:\/\/h\/\*\*\*SECRET_REDACTED\*\*\*…/u);
});

it("leaves what is no secret as it is", () => {
  const exchanges = {
    slowest: [keptExchange()],
    failures: [],
    furtherFailures: 3,
  };
  assert.deepEqual(redactExchanges(exchanges, new Redactor()), exchanges);
});
