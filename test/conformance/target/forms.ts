/** Forms: urlencoded and multipart bodies, told back in parts. */
import type { Routes } from "./route.ts";

interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly text: string;
}

/** The parts of a multipart body (RFC 7578). */
function partsOf(body: Buffer, boundary: string): Part[] {
  const pieces = body.toString("latin1").split(`--${boundary}`).slice(1, -1);
  return pieces.map((piece) => {
    const end = piece.indexOf("\r\n\r\n");
    const lines = piece.slice(0, end).trim().split("\r\n");
    const content = Buffer.from(piece.slice(end + 4, -2), "latin1");
    const headers = lines.filter(Boolean).map((line) => line.split(/:\s*/u, 2) as [string, string]);
    return {
      headers: Object.fromEntries(headers),
      bytes: content.length,
      text: content.toString("utf8"),
    };
  });
}

export const formRoutes: Routes = {
  form: ({ method, headers, body }, response) => {
    const type = headers["content-type"] ?? "";
    const text = body.toString("utf8");
    response.json({ method, type, text, fields: [...new URLSearchParams(text)] });
  },
  multipart: ({ headers, body }, response) => {
    const boundary = /boundary="?([^";]+)"?/u.exec(headers["content-type"] ?? "")?.[1];
    if (boundary === undefined) response.send(400, "no boundary");
    else response.json({ boundaryLength: boundary.length, parts: partsOf(body, boundary) });
  },
};
