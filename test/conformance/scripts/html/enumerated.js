import { parseHTML } from "k6/html";

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

export default function () {
  const cases = { a: ["referrerpolicy:referrerPolicy"], form: ["method", "enctype", "autocomplete"], input: ["type", "autocomplete", "formmethod:formMethod", "formenctype:formEnctype", "maxlength:maxLength", "size", "tabindex:tabIndex"], button: ["type"], img: ["crossorigin:crossOrigin", "width"], audio: ["preload"], track: ["kind"], ol: ["type", "start"], li: ["type", "value"], textarea: ["wrap", "rows", "autocapitalize"], meta: ["http-equiv:httpEquiv"], canvas: ["width"], meter: ["min"], progress: ["max", "value"], ul: ["type"] };
  const values = [undefined, "", "x", "off", "ON", "anonymous", "no-referrer", "post", "POST", "text/plain", "email", "EMAIL", "reset", "none", "metadata", "captions", "5", "-5", "1.5", "a", "I", "disc", "hard", "words", "refresh", "button"];
  for (const tag in cases) for (const item of cases[tag]) {
  const [attribute, method = attribute] = item.split(":");
  console.log(tag + "." + method + " " + values.map((value) => { const element = parseHTML("<" + tag + (value === undefined ? "" : " " + attribute + '="' + value + '"') + ">").find(tag).get(0); return show(value) + ":" + show(element[method]()); }).join(" "));
  }
}
