import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createModules } from "../../../../src/k6/index.ts";
import { TestVu } from "../../../support/k6-vu.ts";

interface X509 {
  parse(encoded?: unknown): Record<string, unknown>;
  getAltNames(encoded?: unknown): string[];
  getIssuer(encoded?: unknown): Record<string, unknown>;
  getSubject(encoded?: unknown): Record<string, unknown>;
}

const x509 = createModules(new TestVu())("k6/crypto/x509") as unknown as X509;

/** Made with OpenSSL; the expected values are what k6 says of them. */
const pem = (name: string): string =>
  readFileSync(
    new URL(`../../../../../test/unit/k6/crypto/certificates/${name}.pem`, import.meta.url),
    "utf8",
  );

test("a subject has its parts by name, and all of them in order", () => {
  const { names, ...subject } = x509.getSubject(pem("rsa"));
  assert.deepEqual(subject, {
    commonName: "example.test",
    country: "DE",
    postalCode: "80331",
    stateOrProvinceName: "Bavaria",
    localityName: "Munich",
    streetAddress: "Main 1",
    organizationName: "Org A",
    organizationalUnitName: ["Unit1", "Unit2"],
  });
  assert.deepEqual((names as object[]).slice(-3), [
    { type: "2.5.4.17", value: "80331" },
    { type: "1.2.840.113549.1.9.1", value: "a@b.c" },
    { type: "0.9.2342.19200300.100.1.1", value: "u1" },
  ]);
});

test("an issuer has fewer parts, and the first of several", () => {
  const { names, ...issuer } = x509.getIssuer(pem("u8"));
  assert.deepEqual(issuer, {
    commonName: "Ünï",
    country: "US",
    stateOrProvinceName: "x",
    localityName: "l1",
    organizationName: "A",
  });
  assert.equal((names as object[]).length, 14);
});

test("alternative names come by kind: DNS, mail, address, URI", () => {
  assert.deepEqual(x509.getAltNames(pem("rsa")), [
    "a.test",
    "*.b.test",
    "x@y.z",
    "10.0.0.1",
    "::1",
    "https://u.test/p",
  ]);
  assert.deepEqual(x509.getAltNames(pem("e3")), ["z.z", "a.a", "q@w.e", "10.0.0.2", "urn:x"]);
});

const signed = [
  ["rsa", "SHA256-RSA", "RSA"],
  ["e3", "ECDSA-SHA384", "ECDSA"],
  ["dsa", "DSA-SHA256", "DSA"],
  ["pss", "UnknownSignatureAlgorithm", "RSA"],
  ["pss32", "SHA256-RSAPSS", "RSA"],
] as const;

for (const [name, signatureAlgorithm, algorithm] of signed) {
  test(`${name}.pem is signed with ${signatureAlgorithm} and holds a key of ${algorithm}`, () => {
    const certificate = x509.parse(pem(name));
    assert.equal(certificate["signatureAlgorithm"], signatureAlgorithm);
    assert.equal((certificate["publicKey"] as { algorithm: string }).algorithm, algorithm);
  });
}

test("times, fingerprint and key are told as k6 tells them", () => {
  const certificate = x509.parse(Buffer.from(pem("rsa")));
  assert.equal(certificate["notBefore"], "2026-11-26T14:00:54Z");
  assert.equal(certificate["notAfter"], "2036-11-23T14:00:54Z");
  assert.deepEqual(
    certificate["fingerPrint"],
    [
      230, 161, 114, 239, 223, 191, 159, 32, 220, 171, 142, 177, 196, 73, 171, 99, 217, 157, 197,
      202,
    ],
  );
  const { key } = certificate["publicKey"] as { key: { n: bigint; e: number } };
  assert.equal(key.e, 65537);
  assert.equal(String(key.n).slice(0, 12), "190997011886");
});

/** Texts of k6. */
const refused: readonly (readonly [string, unknown])[] = [
  ["GoError: failed to decode certificate PEM file", "x"],
  ["GoError: failed to decode certificate PEM file", undefined],
  [
    "GoError: failed to parse certificate: x509: malformed certificate",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  ],
  ["TypeError: could not convert function call parameter 0: could not convert 5 to []uint8", 5],
];

for (const [text, encoded] of refused) {
  test(`refused, ${JSON.stringify(encoded)}: ${text}`, () => {
    assert.throws(
      () => x509.getSubject(encoded),
      (error) => String(error) === text,
    );
  });
}

test("a key that k6 does not read is refused by parse alone", () => {
  assert.throws(() => x509.parse(pem("ed")), { message: "unsupported public key algorithm" });
  assert.equal(x509.getSubject(pem("ed"))["commonName"], "ed.test");
});
