/** Basic and digest authentication (RFC 7616 with MD5 or SHA-256, qop=auth), with nonces that are always the same. */
import { createHash } from "node:crypto";
import type { Routes, TargetRequest } from "./route.ts";

const realm = "target";
const nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
const opaque = "5ccc069c403ebaf9f0171e9517f40e41";

export const authRoutes: Routes = {
  "basic-auth": ({ rest, headers }, response) => {
    const expected = `Basic ${Buffer.from(`${rest[0]}:${rest[1]}`).toString("base64")}`;
    if (headers["authorization"] === expected) {
      response.json({ authenticated: true, user: rest[0] });
      return;
    }
    response.setHeader("www-authenticate", `Basic realm="${realm}"`);
    response.send(401, "who are you?");
  },
  /** `/digest-auth/<user>/<password>`, `?algorithm=SHA-256` for the newer hash. */
  "digest-auth": (request, response) => {
    const algorithm = request.query.get("algorithm") ?? "MD5";
    if (isAuthorized(request, algorithm)) {
      response.json({ authenticated: true, user: request.rest[0], body: request.body.toString() });
      return;
    }
    const parts = [`realm="${realm}"`, `nonce="${nonce}"`, `opaque="${opaque}"`];
    parts.push('qop="auth"', `algorithm=${algorithm}`);
    response.setHeader("www-authenticate", `Digest ${parts.join(", ")}`);
    response.send(401, "who are you?");
  },
};

function isAuthorized({ headers, method, rest }: TargetRequest, algorithm: string): boolean {
  const header = headers["authorization"] ?? "";
  if (!header.startsWith("Digest ")) return false;
  const fields: Record<string, string> = {};
  for (const [, name, quoted, bare] of header.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/gu)) {
    fields[name!] = quoted ?? bare ?? "";
  }
  const digest = (text: string): string =>
    createHash(algorithm === "SHA-256" ? "sha256" : "md5")
      .update(text)
      .digest("hex");
  const [user, password] = rest;
  const identity = digest(`${user}:${realm}:${password}`);
  const action = digest(`${method}:${fields["uri"]}`);
  const { nc, cnonce, qop } = fields;
  return (
    fields["username"] === user &&
    fields["nonce"] === nonce &&
    fields["response"] === digest([identity, nonce, nc, cnonce, qop, action].join(":"))
  );
}
