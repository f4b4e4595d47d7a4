/** What stands in front of a target, by the headers of its answers: CDNs, firewalls and balancers sign what they touch. */

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Front {
  readonly name: string;
  /** The headers that say so. */
  readonly evidence: string;
}

/** Header, what its value must match, and whose it is. */
const signs: readonly (readonly [header: string, value: RegExp, name: string])[] = [
  ["cf-ray", /./u, "Cloudflare"],
  ["server", /^cloudflare/iu, "Cloudflare"],
  ["x-amz-cf-id", /./u, "Amazon CloudFront"],
  ["via", /cloudfront/iu, "Amazon CloudFront"],
  ["server", /^awselb/iu, "an AWS load balancer"],
  ["x-amzn-waf-action", /./u, "AWS WAF"],
  ["x-fastly-request-id", /./u, "Fastly"],
  ["x-served-by", /^cache-/iu, "Fastly"],
  ["x-akamai-request-id", /./u, "Akamai"],
  ["akamai-grn", /./u, "Akamai"],
  ["server", /^akamai/iu, "Akamai"],
  ["x-azure-ref", /./u, "Azure Front Door"],
  ["via", /\bgoogle\b/iu, "Google's load balancer"],
  ["server", /^google frontend/iu, "Google's front end"],
  ["x-vercel-id", /./u, "Vercel"],
  ["x-nf-request-id", /./u, "Netlify"],
  ["x-iinfo", /./u, "Imperva"],
  ["x-cdn", /incapsula|imperva/iu, "Imperva"],
  ["x-sucuri-id", /./u, "Sucuri"],
  ["cdn-pullzone", /./u, "Bunny CDN"],
  ["x-varnish", /./u, "Varnish"],
  ["via", /varnish/iu, "Varnish"],
];

/** What signs the headers; each name once. */
export function frontsOf(headers: Headers): Front[] {
  const fronts = new Map<string, string>();
  for (const [header, value, name] of signs) {
    const text = [headers[header] ?? []].flat().join(", ");
    if (!value.test(text)) continue;
    const known = fronts.get(name);
    fronts.set(name, known === undefined ? header : `${known}, ${header}`);
  }
  return Array.from(fronts, ([name, evidence]) => ({ name, evidence }));
}

/** True when a cache says that it answered itself: "HIT", or an age. */
export function isCached(headers: Headers): boolean {
  const statuses = ["x-cache", "cf-cache-status", "x-vercel-cache", "cache-status"];
  const isHit = statuses.some((name) => /\bhit\b/iu.test([headers[name] ?? []].flat().join(" ")));
  return isHit || Number([headers["age"] ?? []].flat()[0] ?? 0) > 0;
}
