/**
 * `crypto.subtle` of a VU. Every operation is a promise that keeps the iteration alive; the work itself is OpenSSL's, through
 * node:crypto. Members, what is taken, and the errors are k6's, not the standard's.
 */
import { createHash } from "node:crypto";
import { toArrayBuffer } from "../bytes.ts";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { toGoString } from "../go-values.ts";
import {
  type Algorithm,
  invalidAccess,
  isAes,
  normalizeAlgorithm,
  operationError,
  opensslHash,
} from "./algorithm.ts";
import { dataBytes, digestBytes } from "./bytes.ts";
import { decrypt, encrypt } from "./cipher.ts";
import { deriveBits, deriveKeyBytes } from "./derive.ts";
import { exportKey } from "./export-key.ts";
import { generateKey, lengthParameter } from "./generate.ts";
import { importKey } from "./import-key.ts";
import { type CryptoKey, keyArgument, parametersOf, usageList } from "./key.ts";
import { sign, verify } from "./signature.ts";

/** `crypto.subtle`. */
export type SubtleCrypto = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Builds it for one VU. */
export function createSubtle(vu: VuContext): SubtleCrypto {
  const operation =
    (run: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): Promise<unknown> =>
      vu.track(settled(run, args));
  return {
    decrypt: operation((...args) => cipher("decrypt", args)),
    deriveBits: operation(runDeriveBits),
    deriveKey: operation(runDeriveKey),
    digest: operation(runDigest),
    encrypt: operation((...args) => cipher("encrypt", args)),
    exportKey: operation(runExport),
    generateKey: operation(runGenerate),
    importKey: operation(runImport),
    sign: operation(runSign),
    unwrapKey: notImplemented,
    verify: operation(runVerify),
    wrapKey: notImplemented,
  };
}

/** What is thrown at once rejects, and the arguments are read at once: a script may change its buffers afterwards. */
async function settled(run: (...args: unknown[]) => unknown, args: unknown[]): Promise<unknown> {
  return run(...args);
}

function notImplemented(): never {
  throw new GoError("not implemented");
}

function runDigest(given: unknown, data: unknown): ArrayBuffer {
  const { name } = normalizeAlgorithm(given, "digest");
  return toArrayBuffer(createHash(opensslHash(name)).update(digestBytes(data)).digest());
}

function cipher(kind: "encrypt" | "decrypt", args: readonly unknown[]): ArrayBuffer {
  const algorithm = normalizeAlgorithm(args[0], kind);
  const key = keyArgument(args[1], `${kind}'s `);
  const data = dataBytes(args[2]);
  if (algorithm.hasParams) requireMatch(algorithm, key, `${kind}'s `);
  if (!key.usages.includes(kind))
    throw invalidAccess(`${kind}'s key does not contain the '${kind}' usage`);
  return toArrayBuffer((kind === "encrypt" ? encrypt : decrypt)({ algorithm, key, data }));
}

function requireMatch(algorithm: Algorithm, key: CryptoKey, prefix = ""): void {
  if (parametersOf(key).name !== algorithm.name)
    throw invalidAccess(`${prefix}algorithm name does not match key algorithm name`);
}

function signingKey(algorithm: Algorithm, given: unknown, usage: string): CryptoKey {
  const key = keyArgument(given);
  requireMatch(algorithm, key);
  if (!key.usages.includes(usage)) throw invalidAccess(`key does not contain the '${usage}' usage`);
  return key;
}

function runSign(given: unknown, keyGiven: unknown, data: unknown): ArrayBuffer {
  const algorithm = normalizeAlgorithm(given, "sign");
  const key = signingKey(algorithm, keyGiven, "sign");
  return toArrayBuffer(sign({ algorithm, key, data: dataBytes(data) }));
}

function runVerify(...[given, keyGiven, signature, data]: unknown[]): boolean {
  const algorithm = normalizeAlgorithm(given, "verify");
  const key = signingKey(algorithm, keyGiven, "verify");
  return verify({ algorithm, key, data: dataBytes(data) }, dataBytes(signature));
}

function runGenerate(given: unknown, extractable: unknown, usages: unknown): unknown {
  const list = usageList(usages, 2);
  const algorithm = normalizeAlgorithm(given, "generateKey");
  return generateKey({ algorithm, extractable: Boolean(extractable), usages: list });
}

function runImport(...[format, data, given, extractable, usages]: unknown[]): CryptoKey {
  const list = usageList(usages, 4);
  const algorithm = normalizeAlgorithm(given, "importKey");
  return importKey({
    format: toGoString(format),
    data,
    algorithm,
    extractable: Boolean(extractable),
    usages: list,
  });
}

function runExport(format: unknown, key: unknown): unknown {
  const exported = exportKey(toGoString(format), key);
  return exported instanceof Uint8Array ? toArrayBuffer(exported) : exported;
}

async function runDeriveBits(
  given: unknown,
  baseKey: unknown,
  lengthBits: unknown,
): Promise<ArrayBuffer> {
  const algorithm = normalizeAlgorithm(given, "deriveBits");
  return toArrayBuffer(await deriveBits({ algorithm, baseKey, lengthBits }));
}

async function runDeriveKey(...args: unknown[]): Promise<CryptoKey> {
  const [given, baseKey, derivedGiven, extractable, usages] = args;
  const list = usageList(usages, 4);
  const algorithm = normalizeAlgorithm(given, "deriveKey");
  const derived = normalizeAlgorithm(derivedGiven, "importKey");
  const target = normalizeAlgorithm(derivedGiven, "getKeyLength");
  if (isAes(target.name) && target.hasParams && target.params["length"] === undefined)
    throw operationError("aes length parameter not specified");
  const data = toArrayBuffer(await deriveKeyBytes(algorithm, baseKey, lengthParameter(target)));
  return importKey({
    format: "raw",
    data,
    algorithm: derived,
    extractable: Boolean(extractable),
    usages: list,
  });
}
