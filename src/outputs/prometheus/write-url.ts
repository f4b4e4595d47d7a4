/** Where a receiver of remote write is, from what a person writes. */
import { badSetting } from "../variables.ts";

export const writePath = "/api/v1/write";

/**
 * The address of a server stands for its receiver: nothing else is at the root of one. User and password may be in it.
 * @throws LakhError OUTPUT_ARGUMENT
 */
export function parseWriteUrl(text: string): URL {
  const full = /^[a-z][a-z+.-]*:\/\//iu.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    // The text may hold a password.
    throw badSetting(
      "prometheus",
      "the address of the receiver is no http or https URL",
      "write it as in --out prometheus=http://host:9090",
    );
  }
  if (url.pathname === "/") url.pathname = writePath;
  return url;
}
