/**
 * Digest authentication (RFC 7616): the Authorization that answers a challenge. qop "auth" before "auth-int", none in the
 * form of RFC 2069; MD5, SHA-256 and SHA-512-256, each also "-sess". Unlike k6, which always sends an MD5 response, the
 * response is of the algorithm that the header names.
 */
import { createHash } from "node:crypto";

/** What a digest is made for. */
export interface DigestRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly body: string | Uint8Array | undefined;
  readonly user: string;
  readonly password: string;
  /** Client nonce, hexadecimal. */
  readonly cnonce: string;
}

const hashNames: Readonly<Record<string, string>> = {
  md5: "md5",
  "sha-256": "sha256",
  "sha-512-256": "sha512-256",
};

/** The value of Authorization for one of the challenges in `headers`; without any, for an empty one, as k6 does. */
export function answerDigest(challenges: readonly string[], request: DigestRequest): string {
  const challenge = parseChallenge(
    challenges.find((text) => /^digest\s/iu.test(text)) ?? challenges[0] ?? "",
  );
  const { realm = "", nonce = "", opaque, algorithm } = challenge;
  const qop = chooseQop(challenge["qop"]);
  const digest = new Digest(request, { realm, nonce, algorithm: algorithm ?? "MD5", qop });
  const parts = [
    `username="${escapeQuotes(request.user)}"`,
    `realm="${escapeQuotes(realm)}"`,
    `nonce="${escapeQuotes(nonce)}"`,
    `uri="${request.target}"`,
    ...(qop === undefined ? [] : [`qop=${qop}`, "nc=00000001", `cnonce="${request.cnonce}"`]),
    `response="${digest.response()}"`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque="${escapeQuotes(opaque)}"`]),
  ];
  return `Digest ${parts.join(", ")}`;
}

interface Challenge {
  readonly realm?: string;
  readonly nonce?: string;
  readonly opaque?: string;
  readonly algorithm?: string;
  readonly qop?: string;
}

function parseChallenge(text: string): Challenge {
  const challenge: Record<string, string> = {};
  const pairs = /([a-z-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,]+))/giu;
  for (const [, name, quoted, plain] of text.matchAll(pairs)) {
    challenge[name!.toLowerCase()] = quoted?.replaceAll(/\\(.)/gu, "$1") ?? plain ?? "";
  }
  return challenge;
}

function chooseQop(offered: string | undefined): "auth" | "auth-int" | undefined {
  const list = offered?.split(",").map((word) => word.trim().toLowerCase()) ?? [];
  return (["auth", "auth-int"] as const).find((word) => list.includes(word));
}

class Digest {
  readonly #request: DigestRequest;
  readonly #realm: string;
  readonly #nonce: string;
  readonly #qop: "auth" | "auth-int" | undefined;
  readonly #hashName: string;
  readonly #isSession: boolean;

  constructor(
    request: DigestRequest,
    challenge: {
      realm: string;
      nonce: string;
      algorithm: string;
      qop: "auth" | "auth-int" | undefined;
    },
  ) {
    this.#request = request;
    this.#realm = challenge.realm;
    this.#nonce = challenge.nonce;
    this.#qop = challenge.qop;
    const name = challenge.algorithm.toLowerCase();
    this.#isSession = name.endsWith("-sess");
    this.#hashName = hashNames[name.replace(/-sess$/u, "")] ?? "md5";
  }

  response(): string {
    const { method, target, user, password, cnonce, body } = this.#request;
    const secret = this.#hash(`${user}:${this.#realm}:${password}`);
    const a1 = this.#isSession ? this.#hash(`${secret}:${this.#nonce}:${cnonce}`) : secret;
    const entity = this.#qop === "auth-int" ? `:${this.#hash(body ?? "")}` : "";
    const a2 = this.#hash(`${method}:${target}${entity}`);
    return this.#qop === undefined
      ? this.#hash(`${a1}:${this.#nonce}:${a2}`)
      : this.#hash(`${a1}:${this.#nonce}:00000001:${cnonce}:${this.#qop}:${a2}`);
  }

  #hash(data: string | Uint8Array): string {
    return createHash(this.#hashName).update(data).digest("hex");
  }
}

function escapeQuotes(text: string): string {
  return text.replaceAll(/["\\]/gu, "\\$&");
}
