/** Go's names of the algorithms that certificates are signed with. */
import { type Der, integerOf, oidOf, readDer } from "./der.ts";

const names: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "MD5-RSA",
  "1.2.840.113549.1.1.5": "SHA1-RSA",
  "1.2.840.113549.1.1.11": "SHA256-RSA",
  "1.2.840.113549.1.1.12": "SHA384-RSA",
  "1.2.840.113549.1.1.13": "SHA512-RSA",
  "1.2.840.10040.4.3": "DSA-SHA1",
  "2.16.840.1.101.3.4.3.2": "DSA-SHA256",
  "1.2.840.10045.4.1": "ECDSA-SHA1",
  "1.2.840.10045.4.3.2": "ECDSA-SHA256",
  "1.2.840.10045.4.3.3": "ECDSA-SHA384",
  "1.2.840.10045.4.3.4": "ECDSA-SHA512",
  "1.3.101.112": "Ed25519",
};

const pssOid = "1.2.840.113549.1.1.10";

/** Hash functions of RSA-PSS with the length of the salt that Go expects beside them. */
const pssHashes: Readonly<Record<string, { readonly name: string; readonly bytes: bigint }>> = {
  "2.16.840.1.101.3.4.2.1": { name: "SHA256-RSAPSS", bytes: 32n },
  "2.16.840.1.101.3.4.2.2": { name: "SHA384-RSAPSS", bytes: 48n },
  "2.16.840.1.101.3.4.2.3": { name: "SHA512-RSAPSS", bytes: 64n },
};

const unknown = "UnknownSignatureAlgorithm";

/** The name for an AlgorithmIdentifier. */
export function signatureName(algorithm: Der): string {
  const [oid, parameters] = readDer(algorithm.content);
  const text = oidOf(oid!.content);
  if (text !== pssOid) return names[text] ?? unknown;
  const fields = readDer(parameters?.content ?? new Uint8Array());
  const hash = fields.find(({ tag }) => tag === 0xa0);
  const salt = fields.find(({ tag }) => tag === 0xa2);
  if (hash === undefined || salt === undefined) return unknown;
  const hashOid = oidOf(readDer(readDer(hash.content)[0]!.content)[0]!.content);
  const known = pssHashes[hashOid];
  return known?.bytes === integerOf(readDer(salt.content)[0]!.content) ? known.name : unknown;
}
