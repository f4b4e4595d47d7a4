/** Pages as a script wants them, and single answers with the cookies, status and Location it asks for. */
import type { Routes } from "./route.ts";

export const pageRoutes: Routes = {
  /** `/page?h=<p>x</p>`: that HTML. */
  page: ({ query }, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.send(200, query.get("h") ?? "");
  },
  /** `/hop?status=302&to=/echo&c=a%3D1`: a status, a Location unless it is missing, and Set-Cookie headers. */
  hop: ({ query, method, body, headers }, response) => {
    const to = query.get("to");
    if (to !== null) response.setHeader("location", to);
    if (query.has("c")) response.setHeader("set-cookie", query.getAll("c"));
    const status = Number(query.get("status") ?? 200);
    const text = JSON.stringify({ method, body: body.toString("utf8"), cookie: headers["cookie"] });
    response.send(status, status === 204 || status === 304 ? "" : text);
  },
};
