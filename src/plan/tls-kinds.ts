/**
 * The options `tlsVersion`, `tlsCipherSuites` and `tlsAuth`. What each accepts, and in which words k6 refuses, was
 * observed of k6 2.2; encrypted PKCS #8 keys, which it refuses, are accepted here.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { exitCodes, LakhError } from "../base/errors.ts";
import { isRecord } from "../schedule/index.ts";
import type { OptionKind } from "./option-kinds.ts";
import { isTextList, listKind } from "./option-kinds.ts";

const versions = ["tls1.0", "tls1.1", "tls1.2", "tls1.3"] as const;
type Version = (typeof versions)[number];

/** k6's `tlsVersion`; empty: no bound. */
export interface TlsVersionOption {
  readonly min: Version | "";
  readonly max: Version | "";
}

/** An entry of k6's `tlsAuth`. */
export interface TlsAuthOption {
  readonly cert: string;
  readonly key: string;
  readonly password: string | null;
  readonly domains: readonly string[] | null;
}

/** One version, or `{min, max}`. */
export const tlsVersionKind: OptionKind<TlsVersionOption> = {
  expects: `one of ${versions.join(", ")}, or {min, max} of them`,
  fromJson(raw) {
    const { min = "", max = "" } =
      typeof raw === "string" ? { min: raw, max: raw } : isRecord(raw) ? raw : { min: 0 };
    const knownMin = findVersion(min);
    const knownMax = findVersion(max);
    return knownMin === undefined || knownMax === undefined
      ? undefined
      : { min: knownMin, max: knownMax };
  },
  fromText: () => undefined,
  toK6: (value) => value,
};

function findVersion(raw: unknown): Version | "" | undefined {
  return raw === "" || raw === null ? "" : versions.find((version) => version === raw);
}

const suites =
  "RSA_WITH_RC4_128_SHA RSA_WITH_3DES_EDE_CBC_SHA RSA_WITH_AES_128_CBC_SHA RSA_WITH_AES_256_CBC_SHA RSA_WITH_AES_128_CBC_SHA256 RSA_WITH_AES_128_GCM_SHA256 RSA_WITH_AES_256_GCM_SHA384 ECDHE_ECDSA_WITH_RC4_128_SHA ECDHE_ECDSA_WITH_AES_128_CBC_SHA ECDHE_ECDSA_WITH_AES_256_CBC_SHA ECDHE_RSA_WITH_RC4_128_SHA ECDHE_RSA_WITH_3DES_EDE_CBC_SHA ECDHE_RSA_WITH_AES_128_CBC_SHA ECDHE_RSA_WITH_AES_256_CBC_SHA ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 ECDHE_RSA_WITH_AES_128_CBC_SHA256 ECDHE_RSA_WITH_AES_128_GCM_SHA256 ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 ECDHE_RSA_WITH_AES_256_GCM_SHA384 ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 ECDHE_RSA_WITH_CHACHA20_POLY1305 ECDHE_ECDSA_WITH_CHACHA20_POLY1305 AES_128_GCM_SHA256 AES_256_GCM_SHA384 CHACHA20_POLY1305_SHA256"
    .split(" ")
    .map((name) => `TLS_${name}`);

export const cipherSuitesKind: OptionKind<readonly string[]> = listKind(
  `a list of ${suites.join(", ")}`,
  (name) => suites.includes(name),
);

/** `[{cert, key, password, domains}]`; other keys are refused. */
export const tlsAuthKind: OptionKind<readonly TlsAuthOption[]> = {
  expects: "a list of {cert, key, password, domains} with PEM texts",
  fromJson(raw) {
    const entries = Array.isArray(raw) ? raw.map(parseAuth) : [undefined];
    return entries.every((entry) => entry !== undefined) ? entries : undefined;
  },
  fromText: () => undefined,
  toK6: (value) => value,
};

function parseAuth(raw: unknown): TlsAuthOption | undefined {
  if (!isRecord(raw)) return undefined;
  const { cert, key, password, domains, ...unknown } = raw;
  if (Object.keys(unknown).length > 0 || !(isOptional(domains) || isTextList(domains)))
    return undefined;
  const texts = [cert, key, password].map((text) => (isOptional(text) ? "" : text));
  if (!texts.every((text) => typeof text === "string")) return undefined;
  return {
    cert: texts[0]!,
    key: texts[1]!,
    password: isOptional(password) ? null : texts[2]!,
    domains: isOptional(domains) ? null : domains,
  };
}

function isOptional(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** How TLS is spoken, with everything that can be checked checked. */
export interface ResolvedTls {
  readonly minVersion: Version | undefined;
  readonly maxVersion: Version | undefined;
  readonly cipherSuites: readonly string[];
  readonly certificates: readonly {
    readonly cert: string;
    readonly key: string;
    readonly password: string | undefined;
    readonly domains: readonly string[];
  }[];
}

/** @throws PLAN_OPTION_INVALID for a certificate or key of `tlsAuth` that cannot be used, in k6's words */
export function resolveTls(options: {
  readonly tlsVersion: TlsVersionOption | null;
  readonly tlsCipherSuites: readonly string[] | null;
  readonly tlsAuth: readonly TlsAuthOption[] | null;
}): ResolvedTls {
  const { tlsVersion, tlsCipherSuites, tlsAuth } = options;
  return {
    minVersion: tlsVersion?.min || undefined,
    maxVersion: tlsVersion?.max || undefined,
    cipherSuites: tlsCipherSuites ?? [],
    certificates: (tlsAuth ?? []).map((auth) => {
      checkPair(auth);
      return {
        cert: auth.cert,
        key: auth.key,
        password: auth.password ?? undefined,
        domains: auth.domains ?? [],
      };
    }),
  };
}

/** k6's warning for `tlsAuth` with domains. */
export function tlsWarnings(tlsAuth: readonly TlsAuthOption[] | null): string[] {
  if (!tlsAuth?.some(({ domains }) => domains !== null && domains.length > 0)) return [];
  return [
    "tlsAuth.domains option could be removed in the next releases, it's recommended to leave it empty and let k6 " +
      "automatically detect from the provided certificate. It follows the Go's NameToCertificate deprecation - " +
      "https://pkg.go.dev/crypto/tls@go1.17#Config.",
  ];
}

function checkPair({ cert, key, password }: TlsAuthOption): void {
  if (!cert.includes("-----BEGIN"))
    throw badAuth("tls: failed to find any PEM data in certificate input");
  if (!key.includes("-----BEGIN")) throw badAuth("tls: failed to find any PEM data in key input");
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch (cause) {
    throw badAuth("x509: malformed certificate", cause);
  }
  if (!certificate.checkPrivateKey(readKey(key, password))) {
    throw badAuth(
      certificate.publicKey.asymmetricKeyType === readKey(key, password).asymmetricKeyType
        ? "tls: private key does not match public key"
        : "tls: private key type does not match public key type",
    );
  }
}

function readKey(key: string, password: string | null): KeyObject {
  try {
    return createPrivateKey({ key, ...(password === null ? {} : { passphrase: password }) });
  } catch (cause) {
    throw badAuth(
      password === null
        ? "tls: failed to parse private key"
        : "x509: decryption password incorrect",
      cause,
    );
  }
}

function badAuth(problem: string, cause?: unknown): LakhError {
  return new LakhError("PLAN_OPTION_INVALID", `option "tlsAuth": ${problem}`, {
    hint: "cert and key are PEM texts that belong together: open('client.pem'), open('client.key')",
    exitCode: exitCodes.invalidConfig,
    cause,
  });
}
