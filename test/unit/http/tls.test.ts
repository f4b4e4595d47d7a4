/** TLS by k6's options: versions, suites, client certificates, authorities, the key log. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import type { TlsOptions as ServerOptions } from "node:tls";
import { LakhError } from "../../../src/base/errors.ts";
import type { TlsOptions } from "../../../src/http/index.ts";
import {
  authorityPem,
  localhostCertificate,
  otherHostCertificate,
} from "../../support/http-certificates.ts";
import {
  defaultHttpOptions,
  get,
  onRequests,
  startClient,
  startRawTlsServer,
} from "../../support/http-servers.ts";

const okResponse = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** What a client with these options makes of a server with those. */
async function meet(
  t: TestContext,
  server: ServerOptions,
  options: Partial<TlsOptions>,
): Promise<readonly [number, string, string]> {
  const { url } = await startRawTlsServer(t, { ...localhostCertificate, ...server }, (socket) =>
    onRequests(socket, () => socket.write(okResponse)),
  );
  const tls = { ...defaultHttpOptions.tls, ...options };
  const exchange = await startClient(t, { tls, extraCaPem: authorityPem }).send(get(url));
  const { failure, tlsVersion, tlsCipherSuite } = exchange;
  return [failure?.code ?? exchange.status, tlsVersion || failure!.message, tlsCipherSuite];
}

const old: ServerOptions = {
  minVersion: "TLSv1",
  maxVersion: "TLSv1",
  ciphers: "DEFAULT@SECLEVEL=0",
};
const refused = "remote error: tls: protocol version not supported";

describe("tlsVersion", () => {
  for (const [title, server, options, code, told] of [
    ["none: not below 1.2", old, {}, 1010, refused],
    ["a minimum of 1.0", old, { minVersion: "tls1.0" }, 200, "tls1.0"],
    ["a maximum of 1.2", {}, { maxVersion: "tls1.2" }, 200, "tls1.2"],
    ["1.3 alone", { maxVersion: "TLSv1.2" }, { minVersion: "tls1.3" }, 1010, refused],
    [
      "a range that holds none",
      {},
      { minVersion: "tls1.3", maxVersion: "tls1.2" },
      1000,
      "tls: no supported versions satisfy MinVersion and MaxVersion",
    ],
  ] as const satisfies readonly (readonly [
    string,
    ServerOptions,
    Partial<TlsOptions>,
    number,
    string,
  ])[]) {
    test(title, async (t) => {
      assert.deepEqual((await meet(t, server, options)).slice(0, 2), [code, told]);
    });
  }
});

describe("tlsCipherSuites", () => {
  const tls12: ServerOptions = { maxVersion: "TLSv1.2" };

  test("are Go's names, and Go's order when none is given", async (t) => {
    assert.deepEqual(await meet(t, { ...tls12, honorCipherOrder: false }, {}), [
      200,
      "tls1.2",
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    ]);
    const cipherSuites = ["TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"];
    assert.deepEqual(await meet(t, tls12, { cipherSuites }), [
      200,
      "tls1.2",
      "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    ]);
  });

  test("that the server does not speak fail with its alert, and bind no TLS 1.3", async (t) => {
    const cipherSuites = ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"];
    assert.deepEqual((await meet(t, tls12, { cipherSuites })).slice(0, 2), [
      1010,
      "remote error: tls: handshake failure",
    ]);
    assert.deepEqual((await meet(t, {}, { cipherSuites })).slice(0, 2), [200, "tls1.3"]);
  });
});

describe("tlsAuth", () => {
  const wanting: ServerOptions = { requestCert: true, rejectUnauthorized: true, ca: authorityPem };

  test("sends the certificate whose domains match, else the first", async (t) => {
    const { url } = await startRawTlsServer(
      t,
      { ...localhostCertificate, ...wanting },
      (socket) => {
        const { subject } = (
          socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }
        ).getPeerCertificate();
        onRequests(socket, () =>
          socket.write(
            `HTTP/1.1 200 OK\r\nX-Name: ${subject.CN}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
          ),
        );
      },
    );
    const { port } = new URL(url);
    const certificates = [
      { ...otherHostCertificate, password: undefined, domains: ["a.test"] },
      { ...localhostCertificate, password: undefined, domains: ["*.b.test", "localhost"] },
    ];
    const client = startClient(t, {
      tls: { ...defaultHttpOptions.tls, certificates },
      insecureSkipTlsVerify: true,
      hosts: { "a.test": "127.0.0.1", "*.b.test": "127.0.0.1", "c.test": "127.0.0.1" },
    });
    for (const [host, name] of [
      ["a.test", "other"],
      ["x.b.test", "localhost"],
      ["c.test", "other"],
    ] as const) {
      const { headers } = await client.send(get(`https://${host}:${port}/`));
      assert.deepEqual(headers[0], ["X-Name", name]);
    }
  });

  test("is missed with the server's alert", async (t) => {
    assert.deepEqual((await meet(t, { ...wanting, maxVersion: "TLSv1.2" }, {})).slice(0, 2), [
      1010,
      "remote error: tls: handshake failure",
    ]);
  });
});

describe("files", () => {
  function folderFor(t: TestContext): string {
    const folder = mkdtempSync(join(tmpdir(), "lakh-tls-"));
    t.after(() => rmSync(folder, { recursive: true }));
    return folder;
  }

  test("authorities come from SSL_CERT_FILE or SSL_CERT_DIR", async (t) => {
    const folder = folderFor(t);
    writeFileSync(join(folder, "ca.pem"), authorityPem);
    const { url } = await startRawTlsServer(t, localhostCertificate, (socket) =>
      onRequests(socket, () => socket.write(okResponse)),
    );
    for (const [trust, code] of [
      [{ file: join(folder, "ca.pem"), dir: undefined }, 200],
      [{ file: undefined, dir: folder }, 200],
      [{ file: join(folder, "none.pem"), dir: undefined }, 1310],
    ] as const) {
      const tls = { ...defaultHttpOptions.tls, trust };
      const { status, failure } = await startClient(t, { tls }).send(get(url));
      assert.equal(failure?.code ?? status, code);
    }
  });

  test("keys go to the key log, in its format", async (t) => {
    const keyLogFile = join(folderFor(t), "keys.log");
    await meet(t, {}, { keyLogFile });
    assert.match(readFileSync(keyLogFile, "utf8"), /^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} /mu);
  });

  test("a key log that cannot be written ends the run before it begins", (t) => {
    const tls = { ...defaultHttpOptions.tls, keyLogFile: join(folderFor(t), "none", "keys.log") };
    assert.throws(
      () => startClient(t, { tls }),
      (error) =>
        error instanceof LakhError && error.code === "HTTP_BAD_KEY_LOG" && error.exitCode === 255,
    );
  });
});
