/** Which endpoints a report shows where there is no room for all: a script that does not name its requests has thousands. */
import type { EndpointRecord } from "../record/index.ts";

/**
 * At most `most` of the endpoints, in the order that they have: first those with the most failed requests, however few
 * requests they got, then those with the most requests.
 */
export function notableEndpoints(
  endpoints: readonly EndpointRecord[],
  most: number,
): readonly EndpointRecord[] {
  if (endpoints.length <= most) return endpoints;
  const notable = new Set(
    endpoints
      .toSorted((one, other) => other.failed - one.failed || other.requests - one.requests)
      .slice(0, most),
  );
  return endpoints.filter((endpoint) => notable.has(endpoint));
}
