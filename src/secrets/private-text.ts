/**
 * Takes out of what a request carried, and of what came back, what is secret by its place or its looks: header fields, URLs,
 * bodies. Bodies are not parsed, since what is kept of one may be its beginning only; every rule works on a text that was cut.
 */
import { isPrivateField } from "./private-fields.ts";
import { maskJson } from "./private-json.ts";
import { decodeForm, maskUrls } from "./urls.ts";

const mask = "***";

/** The value of a header field as it may be kept. */
export function maskHeader(name: string, value: string): string {
  const lowerName = name.toLowerCase();
  if (lowerName === "cookie") return value.split(/;\s*/u).map(maskPair).join("; ");
  if (lowerName === "set-cookie") return maskSetCookie(value);
  if (lowerName.endsWith("authorization")) return maskCredentials(value);
  if (isPrivateField(name) && !isHarmless(value)) return hidden(value);
  return maskText(value);
}

/** The name of the scheme stays, as in `Bearer *** (43 characters)`. */
function maskCredentials(value: string): string {
  const scheme = /^([A-Za-z][\w-]*)\s+(?=\S)/u.exec(value);
  return scheme === null ? hidden(value) : `${scheme[1]} ${hidden(value.slice(scheme[0].length))}`;
}

/** Its name and its attributes stay. */
function maskSetCookie(value: string): string {
  const [pair = "", ...attributes] = value.split(/;\s*/u);
  return [maskPair(pair), ...attributes].join("; ");
}

/** `name=***`; what has no name is masked whole. */
function maskPair(pair: string): string {
  if (pair === "") return pair;
  const equals = pair.indexOf("=");
  return equals === -1 ? mask : `${pair.slice(0, equals)}=${mask}`;
}

/** Longer ones may have been cut before. */
const longestTold = 1_000;

function hidden(value: string): string {
  if (value === "") return "";
  const length = value.length > longestTold ? `over ${longestTold}` : value.length;
  return `${mask} (${length} characters)`;
}

function isHarmless(value: string): boolean {
  return /^(?:true|false|null|\s*)$/iu.test(value);
}

/** A URL without its credentials, and without the values of private parameters. */
export function maskPrivateUrl(url: string): string {
  const bare = url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^\s/?#]*@/iu, `$1${mask}@`);
  const query = bare.search(/[?#]/u);
  if (query === -1) return maskText(bare);
  const parts = bare.slice(query).split(/(?=#)/u);
  const masked = parts.map((part) => part.slice(0, 1) + maskForm(part.slice(1)));
  return maskText(bare.slice(0, query)) + masked.join("");
}

/** A body, or its beginning, in any of the forms in which fields have names; and what looks like a token, wherever it is. */
export function maskText(text: string): string {
  const named = isForm(text) ? maskForm(text) : maskMarkup(maskParts(maskJson(text)));
  return maskTokens(maskUrls(named));
}

/** `name=value&name=value`, which HTML forms send; a lone `name=value` too. */
function isForm(text: string): boolean {
  return /^[\w.~[\]%+-]{1,200}=/u.test(text) && !/^[^&]*\n/u.test(text);
}

function maskForm(text: string): string {
  return text.split("&").map(maskFormPair).join("&");
}

function maskFormPair(pair: string): string {
  const equals = pair.indexOf("=");
  if (equals === -1) return pair;
  const value = pair.slice(equals + 1);
  const name = decodeForm(pair.slice(0, equals));
  if (isPrivateField(name)) return isHarmless(value) ? pair : `${pair.slice(0, equals)}=${mask}`;
  return `${pair.slice(0, equals)}=${maskEncoded(value)}`;
}

/** A value that holds fields itself: JSON, another form, a URL. It stays as it was sent where nothing is masked. */
function maskEncoded(value: string): string {
  if (!value.includes("%")) return maskTokens(maskJson(value));
  const plain = decodeForm(value);
  const masked = plain === value ? value : maskText(plain);
  return masked === plain ? value : encodeURIComponent(masked).replaceAll("%2A", "*");
}

/** `multipart/form-data`: the content of a part with a private name. */
const part =
  /(content-disposition:[^\r\n]*?\bname="?([^"\r\n;]*)"?[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([\s\S]*?)(?=\r?\n--|$)/giu;

function maskParts(text: string): string {
  if (!/content-disposition/iu.test(text)) return text;
  return text.replaceAll(part, (all: string, head: string, name: string) =>
    isPrivateField(name) ? head + mask : all,
  );
}

const element = /<([\w:.-]{1,200})((?:\s[^<>]*)?)>(?:<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|[^<]+)/gu;
const attribute = /(\s([\w:.-]{1,200})\s*=\s*)(?:"[^"]*|'[^']*)/gu;
/** The fields of a page: `<input name="csrf_token" value="…">`, `<meta name="csrf-token" content="…">`. */
const pageField = /<(?:input|meta)\s[^>]*/giu;
const pageFieldName = /\s(?:name|id|property)\s*=\s*["']?([^"'\s>]+)/iu;
const pageFieldValue = /(\s(?:value|content)\s*=\s*)(?:"[^"]*|'[^']*|[^\s"'>]+)/giu;

/** XML and HTML: elements, attributes and form fields with a private name. */
function maskMarkup(text: string): string {
  if (!text.includes("<")) return text;
  return text
    .replaceAll(element, (all: string, name: string, attributes: string) =>
      isPrivateField(name) ? `<${name}${attributes}>${mask}` : all,
    )
    .replaceAll(attribute, (all: string, before: string, name: string) =>
      isPrivateField(name) ? `${before}"${mask}` : all,
    )
    .replaceAll(pageField, (tag) =>
      isPrivateField(pageFieldName.exec(tag)?.[1] ?? "")
        ? tag.replaceAll(pageFieldValue, `$1"${mask}`)
        : tag,
    );
}

/** What is a token by its looks: the value of an Authorization, a JSON Web Token. */
function maskTokens(text: string): string {
  return text
    .replaceAll(
      /\b(Bearer|Basic|Digest)(\s+|%20)(?!auth|cred|realm|scheme|token)[\w.~+/=%-]{8,}/giu,
      `$1$2${mask}`,
    )
    .replaceAll(/\beyJ[\w-]{8,}(?:(?:\.[\w-]*){1,4}|$)/gu, mask);
}
