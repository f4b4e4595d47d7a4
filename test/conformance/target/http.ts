/** Plain requests: what was sent, chosen statuses, headers, delays and bodies. */
import type { Routes } from "./route.ts";

export const httpRoutes: Routes = {
  /** Everything the target saw of the request. */
  echo: ({ method, url, query, headers, body, protocol }, response) => {
    response.json({
      method,
      url,
      query: Object.fromEntries(query),
      headers,
      body: body.toString("utf8"),
      protocol,
    });
  },
  /** The body as it came, with its content type. */
  mirror: ({ headers, body }, response) => {
    response.setHeader("content-type", headers["content-type"] ?? "application/octet-stream");
    response.send(200, body);
  },
  status: ({ rest }, response) => {
    const status = Number(rest[0]);
    response.send(status, status === 204 || status === 304 ? "" : `status ${status}`);
  },
  delay: ({ rest }, response) => {
    setTimeout(() => response.send(200, `after ${rest[0]} ms`), Number(rest[0]));
  },
  /** Query parameters become response headers; a name given twice is sent twice. */
  headers: ({ query }, response) => {
    for (const name of new Set(query.keys())) response.setHeader(name, query.getAll(name));
    response.send(200, "headers");
  },
  text: (_request, response) => {
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.send(200, "plain text, äöü €");
  },
  json: (_request, response) => {
    response.json({
      name: "target",
      items: [
        { id: 1, tags: ["a", "b"] },
        { id: 2, tags: [] },
      ],
      nothing: null,
      yes: true,
      number: 1.5,
    });
  },
  /** The given number of bytes 0, 1, 2, … 255, 0, … */
  bytes: ({ rest }, response) => {
    response.setHeader("content-type", "application/octet-stream");
    response.send(
      200,
      Buffer.from(Array.from({ length: Number(rest[0]) }, (_, index) => index % 256)),
    );
  },
  /** Chunked: that many lines, each its own write. */
  stream: ({ rest }, response) => {
    const parts = Array.from({ length: Number(rest[0]) }, (_, index) => `line ${index}\n`);
    response.stream(200, parts);
  },
  drop: (_request, response) => response.drop(),
};
