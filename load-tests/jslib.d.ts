/** Types of the helper module that the scripts import by URL; k6 fetches it, lakh serves its own. */
declare module "https://jslib.k6.io/k6-summary/0.0.2/index.js" {
  export function textSummary(
    data: object,
    options?: { indent?: string; enableColors?: boolean },
  ): string;
}
