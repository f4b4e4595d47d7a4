/** A `lakh.config.ts` to start from. */
import type { ApiDescription } from "./api.ts";

/** `script` is relative to the config file. */
export function configTemplate(
  script: string,
  { baseUrl = "http://127.0.0.1:4000", variables }: Pick<ApiDescription, "baseUrl" | "variables">,
): string {
  const secrets = variables.map(({ name }) => `    ${name}: process.env.${name},\n`).join("");
  const env =
    secrets === ""
      ? ""
      : `  // Secrets stay in the environment, and out of every record.\n  env: {\n${secrets}  },\n`;
  return `import { defineConfig } from "lakh";

// Every field, with its unit and default: docs/reference/config.md
export default defineConfig({
  script: ${JSON.stringify(script)},
  target: { url: ${JSON.stringify(baseUrl)} },
${env}  audience: {
    dau: 100_000,
    // What is left out is assumed, and said to be: lakh plan shows it.
    requestsPerUserPerDay: 40,
    peakWindowHours: 4,
    peakToAverage: 1.6,
    concurrencyShare: "5%",
  },
  objectives: { p95: "300ms", p99: "500ms", errorRate: "0.1%" },
  // CPU and memory of the target:
  // observe: [{ metrics: "http://10.0.0.7:9464/metrics" }],
});
`;
}
