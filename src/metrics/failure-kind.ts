/** What a failed request failed of, for people, by the tags of its sample. */

/**
 * `HTTP 503`, or what went wrong and k6's code of it: `request timeout (1050)`. k6 gives an HTTP error the code 1000 + its
 * status. Where a script has switched these tags off, all kinds are one.
 */
export function failureKind(tags: Readonly<Record<string, string>>): string {
  const { status = "0", error_code: code, error } = tags;
  if (code === String(1_000 + Number(status)) || (code === undefined && status !== "0"))
    return `HTTP ${status}`;
  if (code === undefined) return error ?? "failed requests";
  if (error === undefined || error === "") return `error ${code}`;
  return `${error} (${code})`;
}
