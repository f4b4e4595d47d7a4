/**
 * What each tag adds to an element (reference k6-behaviour 5.4), but for those of forms, which are in form-elements.ts.
 * `parts` are names that k6 shows beside the methods: elements of a lesser kind for the same node.
 */
import { wordsOf } from "./element.ts";
import {
  formMembers,
  inputMembers,
  optionMembers,
  selectMembers,
  textAreaMembers,
} from "./form-elements.ts";
import {
  below,
  content,
  elementsWith,
  firstBelow,
  flag,
  form,
  integer,
  labels,
  type Member,
  Nodes,
  oneOf,
  part,
  text,
  url,
} from "./tag-members.ts";
import { attributeOf, childElementsOf, type HtmlElement, parentElementOf } from "./tree.ts";
import { selectAll } from "./selector.ts";

export type Members = Readonly<Record<string, Member>>;

/** A kind of element. */
export interface Kind {
  /** Its type in Go, without "html." and "Element". */
  readonly type: string;
  readonly members: Members;
  /** Names of the lesser kinds, with what they can. Every kind has `element` besides. */
  readonly parts?: Readonly<Record<string, Members>>;
}

const referrers =
  "no-referrer no-referrer-when-downgrade origin origin-when-cross-origin unsafe-url";
const referrerPolicy = oneOf("referrerpolicy", "", referrers);
const crossOrigin = oneOf("crossorigin", undefined, "anonymous use-credentials");
const relList: Member = (node) => wordsOf(attributeOf(node, "rel"));

const hyperlink: Members = {
  accessKey: text("accesskey"),
  download: text("download"),
  hash: part(({ fragment }) => (fragment ? `#${fragment}` : "")),
  host: part(({ scheme, host }) => withoutDefaultPort(scheme, host ?? "")),
  hostname: part(({ host }) => (host ?? "").replace(/:\d*$/u, "")),
  href: url("href"),
  hrefLang: text("hreflang"),
  origin: part(({ scheme, host }) =>
    scheme === "" || host === undefined ? "" : `${scheme}://${host}`,
  ),
  password: part(({ userInfo }) => decode(userInfo?.split(":").slice(1).join(":") ?? "")),
  pathname: part(({ path }) => (path === "" || path.startsWith("/") ? path : `/${path}`)),
  port: part(({ host }) => /:(\d*)$/u.exec(host ?? "")?.[1] ?? ""),
  protocol: part(({ scheme }) => scheme || ":"),
  referrerPolicy,
  rel: text("rel"),
  relList,
  search: part(({ query }) => (query ? `?${query}` : "")),
  target: text("target"),
  text: content,
  toString: url("href"),
  type: text("type"),
  username: part(({ userInfo }) => decode(userInfo?.split(":")[0] ?? "")),
};

function withoutDefaultPort(scheme: string, host: string): string {
  const usual = { http: ":80", https: ":443" }[scheme];
  return usual !== undefined && host.endsWith(usual) ? host.slice(0, -usual.length) : host;
}

function decode(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped; // a stray "%" is meant literally
  }
}

const anchor: Omit<Kind, "type"> = { members: hyperlink, parts: { href_element: hyperlink } };

const media: Members = {
  autoplay: flag("autoplay"),
  controls: flag("controls"),
  crossOrigin,
  currentSrc: text("src"),
  defaultMuted: flag("muted"),
  loop: flag("loop"),
  mediaGroup: text("mediagroup"),
  muted: flag("muted"),
  preload: oneOf("preload", "auto", "none metadata"),
  src: url("src"),
  textTracks: below("track"),
};

const mod: Members = { cite: text("cite"), datetime: text("datetime") };
const section: Members = { rows: below("tr") };
const cell: Members = {
  cellIndex: (node) => indexIn(childElementsOf(parentElementOf(node) ?? node), node),
  colSpan: integer("colspan", 1),
  headers: text("headers"),
  rowSpan: integer("rowspan", 1),
};

function indexIn(list: readonly HtmlElement[], node: HtmlElement): number {
  return list.indexOf(node);
}

function rowIndex(tagNames: string): Member {
  return (node) => {
    const names = tagNames.split(" ");
    let owner = parentElementOf(node);
    while (owner !== undefined && !names.includes(owner.tagName)) owner = parentElementOf(owner);
    return owner === undefined ? -1 : indexIn(selectAll(owner, "tr"), node);
  };
}

const tableParts = { table_section_element: section };
const progressRatio: Member = (node) => {
  const most = positive(node, "max") ?? 1;
  const value = positive(node, "value");
  return value === undefined ? 0 : value / most;
};

function positive(node: HtmlElement, name: string): number | undefined {
  const given = attributeOf(node, name) ?? "";
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(given) ? Number(given) : -1;
  return value < 0 ? undefined : value;
}

const meterMembers: Members = Object.fromEntries([
  ...["min", "max", "low", "high", "optimum"].map((name) => [name, integer(name)] as const),
  ["labels", labels] as const,
]);

/** Tag → what it adds. */
export const kinds: Readonly<Record<string, Kind>> = {
  a: { type: "Anchor", ...anchor },
  area: { type: "Area", ...anchor },
  audio: { type: "Audio", members: media, parts: { media_element: media } },
  base: {
    type: "Base",
    members: {
      href: (node, home) =>
        attributeOf(node, "href") === undefined ? home.url : url("href")(node, home),
      target: text("target"),
    },
  },
  button: inputMembers.button,
  canvas: {
    type: "Canvas",
    members: { height: integer("height", 150), width: integer("width", 150) },
  },
  col: { type: "TableCol", members: { span: integer("span", 1, 1) } },
  data: { type: "Data", members: { value: text("value") } },
  datalist: { type: "DataList", members: { options: below("option") } },
  del: { type: "Del", members: mod, parts: { mod_element: mod } },
  embed: {
    type: "Embed",
    members: { height: text("height"), src: text("src"), type: text("type"), width: text("width") },
  },
  fieldset: formMembers.fieldset,
  form: formMembers.form,
  iframe: {
    type: "IFrame",
    members: {
      allowfullscreen: flag("allowfullscreen"),
      height: text("height"),
      name: text("name"),
      referrerPolicy,
      src: url("src"),
      width: text("width"),
    },
  },
  img: {
    type: "Image",
    members: {
      alt: text("alt"),
      crossOrigin,
      currentSrc: url("src"),
      height: integer("height"),
      isMap: flag("ismap"),
      name: text("name"),
      referrerPolicy,
      sizes: text("sizes"),
      src: url("src"),
      srcset: text("srcset"),
      useMap: text("usemap"),
      width: integer("width"),
    },
  },
  input: inputMembers.input,
  ins: { type: "Ins", members: mod, parts: { mod_element: mod } },
  keygen: {
    type: "Keygen",
    members: {
      autofocus: flag("autofocus"),
      challenge: text("challenge"),
      disabled: flag("disabled"),
      form,
      keytype: oneOf("keytype", "RSA", "DSA EC"),
      labels,
      name: text("name"),
      type: () => "keygen",
    },
  },
  label: {
    type: "Label",
    members: {
      control: (node) => {
        const id = attributeOf(node, "for");
        return id === undefined ? undefined : Nodes.one(elementsWith(node, "id", id)[0]);
      },
      form,
      htmlFor: text("for"),
    },
  },
  legend: { type: "Legend", members: { accessKey: text("accesskey"), form } },
  li: {
    type: "Li",
    members: { type: oneOf("type", "", "1 a A i I disc square circle"), value: integer("value") },
  },
  link: {
    type: "Link",
    members: {
      crossOrigin,
      href: url("href"),
      hreflang: text("hreflang"),
      media: text("media"),
      referrerPolicy,
      rel: text("rel"),
      relList,
      target: text("target"),
      type: text("type"),
    },
  },
  map: {
    type: "Map",
    members: {
      areas: below("area"),
      images: (node) =>
        Nodes.list(elementsWith(node, "usemap", `#${attributeOf(node, "id") ?? ""}`)),
      name: text("name"),
    },
  },
  meta: {
    type: "Meta",
    members: {
      content: text("content"),
      httpEquiv: oneOf("http-equiv", "content-type", "default-style refresh"),
      name: text("name"),
    },
  },
  meter: { type: "Meter", members: meterMembers },
  object: {
    type: "Object",
    members: {
      data: url("data"),
      form,
      height: text("height"),
      name: text("name"),
      tabIndex: integer("tabindex"),
      type: text("type"),
      typeMustMatch: flag("typemustmatch"),
      useMap: text("usemap"),
      width: text("width"),
    },
  },
  ol: {
    type: "OList",
    members: {
      reversed: flag("reversed"),
      start: integer("start"),
      type: oneOf("type", "1", "a A i I"),
    },
  },
  optgroup: { type: "OptGroup", members: { disabled: flag("disabled"), label: text("label") } },
  option: optionMembers,
  output: formMembers.output,
  param: { type: "Param", members: { name: text("name"), value: text("value") } },
  pre: { type: "Pre", members: { name: text("name"), value: text("value") } },
  progress: {
    type: "Progress",
    members: {
      labels,
      max: (node) => positive(node, "max") ?? 1,
      position: (node, home) =>
        positive(node, "value") === undefined ? -1 : progressRatio(node, home),
      value: progressRatio,
    },
  },
  script: {
    type: "Script",
    members: {
      async: flag("async"),
      charset: text("charset"),
      crossOrigin: text("crossorigin"),
      defer: flag("defer"),
      noModule: flag("nomodule"),
      src: url("src"),
      text: content,
      type: text("type"),
    },
  },
  select: selectMembers,
  source: {
    type: "Source",
    members: {
      keySystem: text("keysystem"),
      media: text("media"),
      sizes: text("sizes"),
      src: url("src"),
      srcset: text("srcset"),
      type: text("type"),
    },
  },
  style: { type: "Style", members: { media: text("media"), type: text("type") } },
  table: {
    type: "Table",
    members: {
      caption: firstBelow("caption"),
      rows: below("tr"),
      sortable: flag("sortable"),
      tBodies: below("tbody"),
      tFoot: firstBelow("tfoot"),
      tHead: firstBelow("thead"),
    },
  },
  tbody: { type: "TableBody", members: section, parts: tableParts },
  td: { type: "TableDataCell", members: cell, parts: { table_cell_element: cell } },
  textarea: textAreaMembers,
  tfoot: { type: "TableFoot", members: section, parts: tableParts },
  th: {
    type: "TableHeaderCell",
    members: {
      ...cell,
      abbr: text("abbr"),
      scope: oneOf("scope", "", "row col colgroup rowgroup"),
      sorted: flag("sorted"),
    },
    parts: { table_cell_element: cell },
  },
  thead: { type: "TableHead", members: section, parts: tableParts },
  time: { type: "Time", members: { datetime: text("datetime") } },
  title: { type: "Title", members: { text: content } },
  tr: {
    type: "TableRow",
    members: {
      cells: (node) =>
        Nodes.list(
          childElementsOf(node).filter(({ tagName }) => tagName === "td" || tagName === "th"),
        ),
      rowIndex: rowIndex("table"),
      sectionRowIndex: rowIndex("thead tbody tfoot"),
    },
  },
  track: {
    type: "Track",
    members: {
      default: flag("default"),
      kind: oneOf("kind", "subtitle", "metadata captions descriptions chapters"),
      label: text("label"),
      src: url("src"),
      srclang: text("srclang"),
    },
  },
  ul: { type: "UList", members: { type: text("type") } },
  video: { type: "Video", members: media, parts: { media_element: media } },
};
