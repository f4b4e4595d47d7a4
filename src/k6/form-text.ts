/** Text of forms and queries as Go's url.QueryEscape writes it: "+" for a space, all but letters, digits and -_.~ escaped. */
export function escapeFormText(text: string): string {
  const wellFormed = /[\ud800-\udfff]/u.test(text)
    ? Buffer.from(text, "utf8").toString("utf8")
    : text;
  return encodeURIComponent(wellFormed)
    .replace(/[!'()*]/gu, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/gu, "+");
}
