import http from "k6/http";

// What a value looks like to a script, on one line.
function show(value, depth = 0) {
  if (depth > 3) return "…";
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "function";
  if (Array.isArray(value)) return "[" + value.map((item) => show(item, depth + 1)).join(",") + "]";
  if (value instanceof ArrayBuffer) return "buffer(" + new Uint8Array(value).join(" ") + ")";
  if (typeof value.nodeName === "function") return "<" + value.nodeName() + "#" + value.id() + ">";
  if (typeof value.size === "function" && typeof value.get === "function") {
    const items = [];
    for (let i = 0; i < value.size(); i++) items.push(show(value.get(i), depth + 1));
    return "selection(" + items.join(",") + ")";
  }
  const keys = [];
  for (const key in value) keys.push(key);
  return "{" + keys.sort().map((key) => key + ":" + show(value[key], depth + 1)).join(",") + "}";
}
function tell(name, produce) {
  let text;
  try {
    text = show(produce());
  } catch (error) {
    text = "threw " + error.name + ": " + error.message;
  }
  console.log(name + " => " + text);
}

const base = __ENV.BASE_URL;
if (__VU === 1) tell("in init", () => http.asyncRequest("GET", base));

export default async function () {
  for (const [name, args] of [
    ["get", ["GET", `${base}/echo`]],
    ["post", ["POST", `${base}/echo`, { a: 1 }]],
    ["bad body", ["POST", base, 5]],
    ["bad body, throw", ["POST", base, 5, { throw: true }]],
    ["bad url", ["GET", "%"]],
    ["refused", ["GET", "http://127.0.0.1:1/"]],
    ["refused, throw", ["GET", "http://127.0.0.1:1/", null, { throw: true }]],
    ["nothing", []],
    ["no url", ["GET"]],
  ]) {
    try {
      const promise = http.asyncRequest(...args);
      console.log(name, promise instanceof Promise);
      const response = await promise;
      console.log(name, response.status, response.error, response.error_code, response.status && response.json("method"));
    } catch (error) {
      console.log(name, "rejected", typeof error, error.name, error.message, String(error), error instanceof Error);
    }
  }
  const both = await Promise.all([http.asyncRequest("GET", `${base}/text`), http.asyncRequest("GET", `${base}/json`)]);
  console.log(both.map((response) => response.status).join());
  http.asyncRequest("GET", `${base}/text`).then((response) => console.log("then", response.status));
}
