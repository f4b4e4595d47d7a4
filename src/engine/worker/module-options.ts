/** The options that modules read, as the host's message has them and before there is one. */
import type { ModuleOptions } from "../../k6/index.ts";
import type { VuOptions } from "../protocol.ts";
import type { Instance } from "./instance.ts";

/** Options of the init context, before the script's own are known. */
export const initOptions: ModuleOptions = {
  userAgent: "",
  maxRedirects: 10,
  maxRedirectsSet: false,
  throwOnFailure: false,
  discardResponseBodies: false,
  httpDebug: undefined,
  batch: 20,
  batchPerHost: 6,
  noCookiesReset: false,
  systemTags: new Set(),
  rps: 0,
};

export function moduleOptions(options: VuOptions, instance: Instance): ModuleOptions {
  return {
    ...options,
    systemTags: new Set(options.systemTags),
    rateLimit: instance.rateLimit,
  };
}
