/**
 * Module `k6/crypto/x509`: what a certificate says, in the shape of k6's structs. Node checks the certificate and gives the
 * public key; names, alternative names and the signature's algorithm are read from the DER, as Go reports them.
 */
import { X509Certificate } from "node:crypto";
import { GoError } from "../errors.ts";
import { toGoString } from "../go-values.ts";
import { type Der, derTags, derText, integerOf, oidOf, readDer } from "./der.ts";
import { signatureName } from "./signature-names.ts";

/** Module `k6/crypto/x509`. */
export function createX509(): Record<string, unknown> {
  return {
    getAltNames: (encoded: unknown) => altNames(open(encoded)),
    getIssuer: (encoded: unknown) => issuerOf(open(encoded)),
    getSubject: (encoded: unknown) => subjectOf(open(encoded)),
    parse,
  };
}

interface Opened {
  readonly certificate: X509Certificate;
  /** The elements of the part that is signed, without the version. */
  readonly fields: readonly Der[];
  readonly signatureAlgorithm: Der;
}

function parse(encoded: unknown): Record<string, unknown> {
  const opened = open(encoded);
  const { certificate, signatureAlgorithm } = opened;
  return {
    subject: subjectOf(opened),
    issuer: issuerOf(opened),
    notBefore: timeOf(certificate.validFrom),
    notAfter: timeOf(certificate.validTo),
    altNames: altNames(opened),
    signatureAlgorithm: signatureName(signatureAlgorithm),
    fingerPrint: [...Buffer.from(certificate.fingerprint.replaceAll(":", ""), "hex")],
    publicKey: publicKeyOf(opened),
  };
}

function open(encoded: unknown): Opened {
  const der = pemBody(textOfArgument(encoded));
  let parts: Der[];
  try {
    const [outer] = readDer(der);
    if (outer?.tag !== derTags.sequence) throw new RangeError("no sequence");
    parts = readDer(outer.content);
  } catch {
    // No DER at all; what is wrong with it helps nobody.
    throw new GoError("failed to parse certificate: x509: malformed certificate");
  }
  try {
    const certificate = new X509Certificate(der);
    const [signed, signatureAlgorithm] = parts;
    // The version is optional, and the only field with this tag.
    const fields = readDer(signed!.content).filter(({ tag }) => tag !== 0xa0);
    return { certificate, fields, signatureAlgorithm: signatureAlgorithm! };
  } catch {
    throw new GoError("failed to parse certificate: x509: malformed tbs certificate");
  }
}

function textOfArgument(encoded: unknown): string {
  if (encoded instanceof ArrayBuffer) return Buffer.from(encoded).toString("latin1");
  if (ArrayBuffer.isView(encoded))
    return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength).toString("latin1");
  if (encoded === undefined || encoded === null) return "";
  if (typeof encoded === "string") return encoded;
  const begin = "could not convert function call parameter 0: ";
  throw new TypeError(
    typeof encoded === "object"
      ? `${begin}cannot convert ${toGoString(encoded)} to []uint8: not an array or iterable`
      : `${begin}could not convert ${toGoString(encoded)} to []uint8`,
  );
}

/** The first block of a PEM text, whatever it says it is. */
function pemBody(text: string): Buffer {
  const block = /-----BEGIN ([^-]+)-----\s([\s\S]*?)-----END \1-----/u.exec(text);
  if (block === null) throw new GoError("failed to decode certificate PEM file");
  return Buffer.from(block[2]!, "base64");
}

/** Where the fields stand behind the serial number. */
const issuerAt = 2;
const subjectAt = 4;
const publicKeyAt = 5;

interface NamePart {
  readonly type: string;
  readonly value: string;
}

function namesAt({ fields }: Opened, index: number): NamePart[] {
  return readDer(fields[index]!.content).flatMap(({ content }) =>
    readDer(content).map((pair) => {
      const [type, value] = readDer(pair.content);
      return { type: oidOf(type!.content), value: derText(value!) };
    }),
  );
}

const oids = {
  commonName: "2.5.4.3",
  country: "2.5.4.6",
  localityName: "2.5.4.7",
  stateOrProvinceName: "2.5.4.8",
  streetAddress: "2.5.4.9",
  organizationName: "2.5.4.10",
  organizationalUnitName: "2.5.4.11",
  postalCode: "2.5.4.17",
} as const;

function issuerOf(opened: Opened): Record<string, unknown> {
  const names = namesAt(opened, issuerAt);
  const first = (oid: string): string => names.find(({ type }) => type === oid)?.value ?? "";
  return {
    commonName: names.findLast(({ type }) => type === oids.commonName)?.value ?? "",
    country: first(oids.country),
    stateOrProvinceName: first(oids.stateOrProvinceName),
    localityName: first(oids.localityName),
    organizationName: first(oids.organizationName),
    names,
  };
}

function subjectOf(opened: Opened): Record<string, unknown> {
  const names = namesAt(opened, subjectAt);
  const first = (oid: string): string => names.find(({ type }) => type === oid)?.value ?? "";
  return {
    commonName: names.findLast(({ type }) => type === oids.commonName)?.value ?? "",
    country: first(oids.country),
    postalCode: first(oids.postalCode),
    stateOrProvinceName: first(oids.stateOrProvinceName),
    localityName: first(oids.localityName),
    streetAddress: first(oids.streetAddress),
    organizationName: first(oids.organizationName),
    organizationalUnitName: names
      .filter(({ type }) => type === oids.organizationalUnitName)
      .map(({ value }) => value),
    names,
  };
}

const altNamesOid = "2.5.29.17";
/** Context tags of the kinds of names, in the order in which k6 lists them. */
const altNameTags = { dns: 0x82, email: 0x81, ip: 0x87, uri: 0x86 } as const;

function altNames({ fields }: Opened): string[] {
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  if (extensions === undefined) return [];
  for (const extension of readDer(readDer(extensions.content)[0]!.content)) {
    const parts = readDer(extension.content);
    if (oidOf(parts[0]!.content) !== altNamesOid) continue;
    const names = readDer(readDer(parts.at(-1)!.content)[0]!.content);
    return Object.values(altNameTags).flatMap((wanted) =>
      names
        .filter(({ tag }) => tag === wanted)
        .map(({ content }) =>
          wanted === altNameTags.ip
            ? addressText(content)
            : Buffer.from(content).toString("latin1"),
        ),
    );
  }
  return [];
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const words = Array.from({ length: 8 }, (_, i) =>
    ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16),
  );
  // The platform's URLs write an address in its shortest form.
  return new URL(`http://[${words.join(":")}]`).hostname.slice(1, -1);
}

function timeOf(text: string): string {
  return new Date(text).toISOString().replace(/\.\d+Z$/u, "Z");
}

function publicKeyOf({ certificate, fields }: Opened): { algorithm: string; key: object } {
  const { publicKey } = certificate;
  const type = publicKey.asymmetricKeyType;
  if (type === "rsa") {
    const { n, e } = publicKey.export({ format: "jwk" });
    return { algorithm: "RSA", key: { n: bigOf(n!), e: Number(bigOf(e!)) } };
  }
  if (type === "ec") {
    const { x, y } = publicKey.export({ format: "jwk" });
    return { algorithm: "ECDSA", key: { curve: {}, x: bigOf(x!), y: bigOf(y!) } };
  }
  if (type === "dsa") return { algorithm: "DSA", key: dsaKey(fields[publicKeyAt]!) };
  throw new GoError("unsupported public key algorithm");
}

function bigOf(base64Url: string): bigint {
  return integerOf(Buffer.from(base64Url, "base64url"));
}

function dsaKey(info: Der): object {
  const [algorithm, bits] = readDer(info.content);
  const parameters = readDer(algorithm!.content).find(({ tag }) => tag === derTags.sequence)!;
  const [p, q, g] = readDer(parameters.content).map(({ content }) => integerOf(content));
  // A BIT STRING begins with the number of its unused bits.
  const y = integerOf(readDer(bits!.content.subarray(1))[0]!.content);
  return { parameters: { p, q, g }, p, q, g, y };
}
