/** The part of a Kubernetes API server that discovery asks: lists of pods and nodes, and watches on which nothing happens. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Scope = { after(close: () => Promise<void> | void): unknown };

/** An API server on a loopback port with these objects; resolves with its URL. */
export async function startKubernetesApi(
  t: Scope,
  objects: { readonly pods: readonly object[]; readonly nodes: readonly object[] },
): Promise<string> {
  const lists: Readonly<Record<string, unknown>> = {
    "/api/v1/pods": list("PodList", objects.pods),
    "/api/v1/nodes": list("NodeList", objects.nodes),
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://localhost");
    const found = lists[url.pathname];
    response.statusCode = found === undefined ? 404 : 200;
    response.setHeader("content-type", "application/json");
    if (found !== undefined && url.searchParams.has("watch")) response.flushHeaders();
    else response.end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function list(kind: string, items: readonly object[]): unknown {
  return { kind, apiVersion: "v1", metadata: { resourceVersion: "1" }, items };
}
