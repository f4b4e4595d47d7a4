/**
 * Takes the run's secrets out of kept exchanges. What is secret by its place was masked by the workers; here are the values
 * that the run was given as secrets, wherever they stand, also the beginning of one that a text was cut in.
 */
import { cutMark } from "../engine/index.ts";
import type {
  BodyRecord,
  ExchangeRecord,
  ExchangesRecord,
  MessageRecord,
} from "../record/index.ts";
import type { Redactor } from "../secrets/index.ts";

export function redactExchanges(
  { slowest, failures, furtherFailures }: ExchangesRecord,
  redactor: Redactor,
): ExchangesRecord {
  const clean = new Cleaner(redactor);
  return {
    slowest: slowest.map((exchange) => clean.exchange(exchange)),
    failures: failures.map((kind) => ({
      ...kind,
      method: clean.text(kind.method),
      name: kind.name === null ? null : clean.text(kind.name),
      error: clean.text(kind.error),
      samples: kind.samples.map((exchange) => clean.exchange(exchange)),
    })),
    furtherFailures,
  };
}

class Cleaner {
  readonly #redactor: Redactor;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  exchange(exchange: ExchangeRecord): ExchangeRecord {
    const { request, response } = exchange;
    return {
      ...exchange,
      scenario: this.text(exchange.scenario),
      group: this.text(exchange.group),
      name: this.text(exchange.name),
      method: this.text(exchange.method),
      url: this.text(exchange.url),
      error: this.text(exchange.error),
      request: this.#message(request),
      response: response === null ? null : this.#message(response),
    };
  }

  text(text: string): string {
    if (!text.endsWith(cutMark)) return this.#redactor.conceal(text);
    return this.#redactor.concealBeginning(text.slice(0, -cutMark.length)) + cutMark;
  }

  #message({ headers, furtherHeaders, body }: MessageRecord): MessageRecord {
    return {
      headers: headers.map(([name, value]) => [this.text(name), this.text(value)] as const),
      furtherHeaders,
      body: body === null ? null : this.#body(body),
    };
  }

  #body(body: BodyRecord): BodyRecord {
    if (body.kind !== "text") return body;
    const isCut = body.shownBytes < body.bytes;
    const text = isCut
      ? this.#redactor.concealBeginning(body.text)
      : this.#redactor.conceal(body.text);
    return { ...body, text };
  }
}
