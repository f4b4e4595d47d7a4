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

// parseHTML works in the init context, too.
if (__VU === 1) console.log(parseHTML("<p>init</p>").find("p").text());

export default function () {
  tell("module", () => Object.keys({ parseHTML }));
  for (const given of [undefined, null, 5, {}, ["a"], true, "", "  "]) tell("parse " + show(given), () => parseHTML(given).html());
  for (const text of ["<td>x</td>", "<p>a<p>b", "a<br/>b<img src=x>", "<script>a<b&&c</script><style>a>b</style>", "<textarea>\n\nx</textarea><pre>\nx</pre>", "<noscript><p>x</p></noscript><iframe><b></iframe>", "<a b='\"<>&'>é</a><!-- c --><?pi x?>", "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\"><p>", "<svg><a xlink:href=x></a></svg><math definitionurl=x></math>", "<table><tr><td>x", "<template><i>x</i></template>", "<b><i>x</b>y</i>", "<ul><li>a<li>b</ul>", "<input value=1 value=2>"]) tell(text, () => parseHTML(text).html());
  tell("text", () => [parseHTML("<script>var a</script>x").text(), parseHTML("<!--c-->x").text(), parseHTML("&lt;&nbsp;&eacute;").text().length]);
}
