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

export default function () {
  const got = (url) => { const r = http.get(url); return [r.status, r.error.replaceAll(base, "BASE"), r.error_code, r.url.replaceAll(base, "BASE"), r.request && r.request.url.replaceAll(base, "BASE"), r.body === null]; };
  for (const url of [undefined, null, 5, true, {}, [`a`], "", "/x", "127.0.0.1/x", "ftp://127.0.0.1/x", "http:///x", "http://127.0.0.1:abc/", " http://127.0.0.1", "http://[bad/"]) tell(show(url), () => got(url));
  for (const path of ["/%zz", "/a\nb"]) tell("path " + show(path), () => { const r = http.get(base + path); return [r.status, r.error_code, r.url, r.request]; });
  for (const path of ["/status/200#frag", "/status/200?a[]={}", "/echo/%30", "/status/200?", "/echo//x"]) tell("path " + path, () => got(base + path));
  tell("scheme", () => got(base.replace("http", "HTTP") + "/status/200"));
  tell("template", () => got(http.url`${base}/status/${200}`));
  tell("credentials", () => http.get(base.replace("//", "//user:pw@") + "/echo").json("headers.authorization"));
  const tag = http.url`http://x/${1}/${"a b"}?q=${null}&${undefined}`;
  tell("tag", () => [typeof tag, String(tag), tag.url, tag.name, tag.clean_url, JSON.stringify(tag)]);
  tell("tag credentials", () => http.url`http://u:${"p"}@x/`.clean_url);
  tell("tag by hand", () => [http.url(["a", "b"], 1).url, http.url().url]);
}
