/** Redirects of every kind. */
import type { Routes } from "./route.ts";

export const redirectRoutes: Routes = {
  /** `/redirect/3` -> `/redirect/2` -> … -> `/echo`, with status 302 or `?status=`; `?cookies=1` sets a cookie on the way. */
  redirect: ({ rest, query }, response) => {
    const left = Number(rest[0]);
    const search = query.size > 0 ? `?${query.toString()}` : "";
    response.setHeader("location", left > 1 ? `/redirect/${left - 1}${search}` : "/echo");
    if (query.has("cookies")) response.setHeader("set-cookie", `hop${left}=yes; Path=/`);
    response.send(Number(query.get("status") ?? 302), "elsewhere");
  },
  /** `/redirect-to?url=…&status=307`. Without `url` there is no Location. */
  "redirect-to": ({ query }, response) => {
    const url = query.get("url");
    if (url !== null) response.setHeader("location", url);
    response.send(Number(query.get("status") ?? 302), "elsewhere");
  },
};
