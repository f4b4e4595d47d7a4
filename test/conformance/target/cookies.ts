/** Cookies set, shown and removed. */
import type { Routes } from "./route.ts";

export const cookieRoutes: Routes = {
  /** The cookies that came with the request. */
  cookies: ({ headers }, response) => {
    const sent = headers["cookie"] ?? "";
    const pairs = sent.split("; ").filter((pair) => pair !== "");
    response.json(Object.fromEntries(pairs.sort().map((pair) => pair.split("=", 2))));
  },
  /** `/set-cookie?c=name%3Dvalue%3B+Path%3D/`: each `c` is one Set-Cookie header, as it is. */
  "set-cookie": ({ query }, response) => {
    response.setHeader("set-cookie", query.getAll("c"));
    response.json({ set: query.getAll("c") });
  },
};
