import http from "k6/http";

export default function () {
  for (const [name, params] of [
    ["timeout text", { timeout: "x" }], ["timeout unit", { timeout: "5y" }], ["timeout number", { timeout: "5.5.5s" }], ["timeout empty", { timeout: "" }],
    ["timeout null", { timeout: null }], ["timeout undefined", { timeout: undefined }], ["timeout object", { timeout: {} }], ["timeout list", { timeout: [1] }],
    ["timeout boolean", { timeout: true }], ["redirects", { redirects: "x" }], ["redirects negative", { redirects: -1 }], ["auth", { auth: "foo" }],
    ["auth number", { auth: 5 }], ["response type", { responseType: "foo" }], ["response type null", { responseType: null }], ["headers", { headers: 5 }],
    ["headers list", { headers: [] }], ["cookies", { cookies: "x" }], ["tags", { tags: 5 }], ["tag object", { tags: { a: {} } }], ["jar", { jar: 5 }],
    ["callback", { responseCallback: 5 }], ["number", 5], ["text", "x"], ["null", null], ["boolean", true],
  ]) {
    const r = http.post(`${__ENV.FAULT_URL}/ok`, "body", params);
    console.log(name, r.status, r.error_code, r.error);
  }
}
