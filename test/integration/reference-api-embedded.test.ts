import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { startReferenceApi } from "../../reference-api/index.ts";
import { describeReferenceApi } from "../support/reference-api-suite.ts";

describe("reference API on the embedded database", () => {
  describeReferenceApi(() => undefined);

  it("closes although a client holds an idle connection", async () => {
    const api = await startReferenceApi();
    const socket = connect(Number(new URL(api.url).port), "127.0.0.1").setEncoding("latin1");
    socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [string];
    assert.match(answer, /^HTTP\/1\.1 200 OK/u);
    await Promise.all([api.close(), once(socket, "close")]);
    await assert.rejects(fetch(`${api.url}/healthz`));
  });
});
