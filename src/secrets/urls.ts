/** Takes out of URLs in a text what is secret by its place: the password before the host, and parameters that carry one. */
import { isPrivateField } from "./private-fields.ts";

const password = /([a-z][a-z\d+.-]*:\/\/[^\s/?#:@"']*):(?!\*+@)[^\s/?#@"']+@/giu;

/** A `${…}` is the hole of a template. */
const parameter = /([?&]([^=&?#\s"'<>]{1,200})=)(?!\$\{|\*\*\*)([^&#\s"'<>]+)/gu;

/** `key` alone is too common a name, unless its value is as long as keys are. */
const keyLength = 16;

export function maskUrls(text: string): string {
  const masked = text.includes("://") ? text.replaceAll(password, "$1:***@") : text;
  if (!masked.includes("=")) return masked;
  return masked.replaceAll(parameter, (all: string, ...groups: string[]) => {
    const [before = "", name = "", value = ""] = groups;
    const isCommon = name.toLowerCase() === "key" && value.length < keyLength;
    return isPrivateField(decodeForm(name)) && !isCommon ? `${before}***` : all;
  });
}

/** Of a text that was cut within an escape the rest is decoded; what is no escape stays. */
export function decodeForm(text: string): string {
  const whole = text.replace(/%[\dA-Fa-f]?$/u, "").replaceAll("+", " ");
  try {
    return decodeURIComponent(whole);
  } catch {
    // An escape that is none, or a character that was cut: byte by byte, which finds names all the same.
    return whole.replaceAll(/%([\da-fA-F]{2})/gu, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}
