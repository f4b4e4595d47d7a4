/**
 * Which authorities are trusted: the system's, as for k6, so that a company's own certificates count. Where no system
 * store is found, those that come with Node. `SSL_CERT_FILE` and `SSL_CERT_DIR` replace the system's, as for Go.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as tls from "node:tls";
import type { TrustSource } from "./exchange.ts";

/** Where Linux distributions and BSDs keep the bundle, in Go's order. */
const systemFiles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const begin = "-----BEGIN CERTIFICATE-----";

/** PEM of all trusted authorities. */
export function readTrustedCertificates(source: TrustSource): string[] {
  if (source.file !== undefined || source.dir !== undefined) {
    const files = source.file === undefined ? [] : [source.file];
    return [...files, ...(source.dir?.split(":").flatMap(listFiles) ?? [])].flatMap(readPem);
  }
  for (const file of systemFiles) {
    const found = readPem(file);
    if (found.length > 0) return found;
  }
  // Node 22.15 and later knows the stores of macOS and Windows.
  const { getCACertificates } = tls as { getCACertificates?: (type: string) => string[] };
  const system = getCACertificates?.("system") ?? [];
  return system.length > 0 ? system : [...tls.rootCertificates];
}

function listFiles(dir: string): string[] {
  try {
    return readdirSync(dir).map((name) => join(dir, name));
  } catch {
    return []; // a directory that is not there holds no certificates: Go says no more
  }
}

function readPem(file: string): string[] {
  try {
    const text = readFileSync(file, "latin1");
    return text.includes(begin) ? [text] : [];
  } catch {
    return []; // as above
  }
}
