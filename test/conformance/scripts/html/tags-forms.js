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

const html = `<!DOCTYPE html><html lang="en"><head><title>The T</title><base href="http://ex.com/b/" target="_t"><meta name="m" content="c" http-equiv="x"><link rel="stylesheet next" href="/s.css" hreflang="en" media="all" type="text/css" crossorigin="anonymous"><script src="/a.js" async defer type="x/y" charset="u8">var a=1;</script><style media="m" type="t">b{}</style></head>
<body><h1 id="h" class="c1  c2">Hi <b>bold</b></h1><!--com-->
<a id="a1" href="http://user:pw@host.com:8080/p/a?q=1#frag" rel="x y" download="dl" target="tt" type="ty" hreflang="hl" accesskey="k" referrerpolicy="no-referrer">link</a>
<a id="a2" href="rel/path">r</a><a id="a3">n</a><area id="ar" href="https://h2/x"><a id="a4" href="//x.y/z">z</a><a id="a5" href="ftp://f.x/z">z</a><a id="a6" href="%zz">bad</a><a id="a7" href="http://h:80/">x</a><a id="a8" href="?q">x</a><a id="a9" href="">x</a>
<form id="f1" name="fn" action="/act" method="post" enctype="text/plain" accept-charset="utf8" target="t" autocomplete="off" novalidate>
<input id="i1" name="n1" value="v1"><input id="i2" type="checkbox" name="n2" checked><input id="i3" type="radio" name="n3" checked="checked" value="rv" disabled required readonly multiple autofocus size="3" maxlength="5" min="1" max="9" step="2" placeholder="ph" pattern="p" list="dl1" accept="a" alt="al" src="s" width="5" height="6" dirname="dn" autocomplete="on" tabindex="4" accesskey="z" formaction="/fa" formenctype="multipart/form-data" formmethod="post" formnovalidate formtarget="ft">
<label id="l1" for="i1">L1</label><label id="l2">L2<input id="i4" type="TEXT" name="n4"></label>
<select id="s1" name="sn"><option id="o1" value="1">One</option><option id="o2" selected>Two</option><optgroup id="og" label="OG" disabled><option id="o3" value="3">3</option></optgroup></select>
<select id="s2" name="sm" multiple size="4" required autofocus tabindex="2"><option value="a" selected>A</option><option value="b" selected="selected">B</option><option>C</option></select>
<select id="s3" name="s3" disabled><option>X</option></select>
<textarea id="t1" name="tn" cols="10" rows="3" maxlength="7" placeholder="tp" readonly required wrap="hard" autocapitalize="none" autocomplete="on" tabindex="1" accesskey="t">text
area</textarea>
<button id="b1" name="bn" value="bv" type="reset" tabindex="x" accesskey="b" autofocus>B</button><button id="b2">B2</button><button id="b3" type="odd" disabled>B3</button>
<fieldset id="fs" name="fsn" disabled><legend id="lg" accesskey="L">Leg</legend><input id="i5" name="n5"><output id="ou" name="on" for="i5 i1">OUT</output></fieldset>
<input type="submit" id="sub" name="subn" value="subv"><input type="file" id="fi" name="fin"><input type="image" id="im"><input type="hidden" id="hid" name="hidn" value="hv">
<keygen id="kg" name="kgn" challenge="ch" keytype="rsa" autofocus disabled>
</form>
<form id="f2" method="dialog" enctype="multipart/form-data"></form><input id="ext" form="f1" name="extn">
<datalist id="dl1"><option value="x">X</option></datalist><meter id="me" min="1" max="10" low="2" high="8" optimum="5" value="3"></meter><meter id="me2"></meter><progress id="pr" max="4" value="1"></progress><progress id="pr2"></progress><label id="l3" for="me">m</label>
<table id="tb" class="tc"><caption id="cap">C</caption><colgroup><col id="col" span="2"></colgroup><thead id="th"><tr id="r0"><th id="h1" abbr="ab" scope="row" colspan="2" rowspan="3" headers="hh" sorted="x">H</th></tr></thead><tbody id="tbd"><tr id="r1"><td id="c1">1</td><td id="c2" colspan="3">2</td></tr><tr id="r2"></tr></tbody><tfoot id="tf"><tr id="r3"></tr></tfoot></table><table id="tb2" sortable></table>
<img id="im1" src="/i.png" srcset="ss" sizes="sz" alt="al" crossorigin="use-credentials" width="10" height="20" ismap name="imn" usemap="#mp" referrerpolicy="origin"><iframe id="if" src="s" name="n" width="1" height="2" allowfullscreen referrerpolicy="r"></iframe><embed id="em" src="s" type="t" width="1" height="2"><object id="ob" data="/d" name="on" type="t" usemap="#m" width="1" height="2" typemustmatch tabindex="3" form="f1"></object><canvas id="cv" width="7"></canvas>
<map id="mp" name="mp"><area id="mar" href="x"></map><img id="im2" usemap="#mp">
<audio id="au" src="/a.mp3" autoplay controls loop muted preload="none" crossorigin mediagroup="g"><source id="so" src="x" srcset="y" sizes="z" media="m" type="t" keysystem="k"><track id="tr" kind="k" src="s" srclang="l" label="lb" default></audio><video id="vi"></video>
<ol id="ol" start="5" reversed type="a"><li id="li1" value="3" type="b">x</li><li id="li2">y</li></ol><ul id="ul" type="c"></ul><data id="da" value="dv">d</data><param id="pa" name="pn" value="pv"><pre id="pre" name="x" value="y">p</pre><q id="q" cite="ci">q</q><blockquote id="bq" cite="cb">b</blockquote><time id="ti" datetime="2020">t</time><ins id="ins" cite="ic" datetime="id">i</ins><del id="del">d</del><ol id="ol2"></ol>
<svg id="svg" xmlns="http://www.w3.org/2000/svg"><circle id="ci" r="1"/></svg><math id="mt"><mi>x</mi></math>
</body></html>`;

export default function () {
  const skipped = ["firstChild", "lastChild", "nextSibling", "previousSibling", "toString", "selection", "childNodes", "children", "attributes", "innerHTML", "ownerDocument", "parentNode", "parentElement", "getAttribute", "getAttributeNode", "hasAttribute", "getElementsByClassName", "getElementsByTagName", "querySelector", "querySelectorAll", "isEqualNode", "isSameNode", "contains", "matches", "isDefaultNamespace", "hasAttributes", "hasChildNodes", "childElementCount", "nodeType", "nodeValue", "namespaceURI", "classList", "className", "lang", "nextElementSibling", "previousElementSibling", "firstElementChild", "lastElementChild"];
  parseHTML(html).find("form,input,label,keygen,fieldset,legend,output").each((i, element) => {
  const values = [];
  for (const name in element) if (!skipped.includes(name)) values.push(name);
  console.log(element.nodeName() + "#" + element.id() + " " + values.sort().map((name) => name + "=" + (typeof element[name] === "function" ? show(element[name]()) : typeof element[name])).join(" "));
  });
}
