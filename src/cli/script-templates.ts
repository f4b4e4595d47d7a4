/** The scripts that `lakh new` writes: small, whole, and runnable by lakh and k6 alike. */

export const templateNames = ["minimal", "protocol", "browser"] as const;
export type TemplateName = (typeof templateNames)[number];

/** Values that a template may hold as `{{ .ScriptName }}` and `{{ .ProjectID }}`, as k6's templates do. */
export interface TemplateValues {
  readonly scriptName: string;
  readonly projectId: string | undefined;
}

/** The text of a template of ours. */
export function ownTemplate(name: TemplateName, values: TemplateValues): string {
  return templates[name](cloudOptions(values));
}

/** The text of somebody else's template. */
export function fillTemplate(text: string, { scriptName, projectId }: TemplateValues): string {
  return text
    .replaceAll(/\{\{\s*\.ScriptName\s*\}\}/gu, scriptName)
    .replaceAll(/\{\{\s*\.ProjectID\s*\}\}/gu, projectId ?? "");
}

function cloudOptions({ scriptName, projectId }: TemplateValues): string {
  if (projectId === undefined) return "";
  return `  cloud: { projectID: ${projectId}, name: ${JSON.stringify(scriptName)} },\n`;
}

const templates: Readonly<Record<TemplateName, (cloud: string) => string>> = {
  minimal: (cloud) => `import http from "k6/http";
import { check, sleep } from "k6";

export const options = {
  vus: 10,
  duration: "30s",
${cloud}};

// Give the address with -e BASE_URL=https://staging.example.com
const baseUrl = __ENV.BASE_URL || "http://127.0.0.1:4000";

export default function () {
  const response = http.get(\`\${baseUrl}/\`);
  check(response, { "status is 200": (r) => r.status === 200 });
  sleep(1);
}
`,
  protocol: (cloud) => `import http from "k6/http";
import { check, group, sleep } from "k6";
import { Trend } from "k6/metrics";

// Give the address with -e BASE_URL=https://staging.example.com
const baseUrl = __ENV.BASE_URL || "http://127.0.0.1:4000";
const journeyDuration = new Trend("journey_duration", true);

export const options = {
  scenarios: {
    journey: {
      executor: "ramping-vus",
      startVUs: 0,
      stages: [
        { duration: "30s", target: 20 },
        { duration: "1m", target: 20 },
        { duration: "15s", target: 0 },
      ],
    },
  },
  thresholds: {
    http_req_failed: ["rate<0.01"],
    http_req_duration: ["p(95)<500"],
    checks: ["rate>0.99"],
  },
${cloud}};

// Once, before the load: what it returns is handed to every iteration.
export function setup() {
  const response = http.get(\`\${baseUrl}/\`);
  if (response.status === 0) throw new Error(\`\${baseUrl} does not answer: \${response.error}\`);
  return { startedAt: new Date().toISOString() };
}

export default function (data) {
  const startedAtMs = Date.now();
  group("home", () => {
    const response = http.get(\`\${baseUrl}/\`, { tags: { name: "home" } });
    check(response, { "home: status is 200": (r) => r.status === 200 });
  });
  group("post", () => {
    const body = JSON.stringify({ at: data.startedAt });
    const response = http.post(\`\${baseUrl}/post\`, body, {
      headers: { "Content-Type": "application/json" },
      tags: { name: "post" },
    });
    check(response, { "post: no server error": (r) => r.status > 0 && r.status < 500 });
  });
  journeyDuration.add(Date.now() - startedAtMs);
  sleep(1);
}
`,
  browser: (cloud) => `import { browser } from "k6/browser";
import { check } from "https://jslib.k6.io/k6-utils/1.5.0/index.js";

export const options = {
  scenarios: {
    ui: {
      executor: "shared-iterations",
      options: { browser: { type: "chromium" } },
    },
  },
  thresholds: { checks: ["rate==1.0"] },
${cloud}};

// Give the address with -e BASE_URL=https://staging.example.com
const baseUrl = __ENV.BASE_URL || "http://127.0.0.1:4000";

export default async function () {
  const page = await browser.newPage();
  try {
    await page.goto(\`\${baseUrl}/\`);
    await check(page.locator("body"), {
      "page has content": async (body) => (await body.textContent()) !== "",
    });
  } finally {
    await page.close();
  }
}
`,
};
