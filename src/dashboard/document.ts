/** The page itself: a document that loads one script and one style from its own server, and nothing from anywhere. */

/** What a browser is told of every answer: run nothing, load nothing, show nowhere, that is not this server's. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Cache-Control": "no-store",
};

/** `token` is of letters, digits, - and _. */
export function documentText(token: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="lakh-token" content="${token}">
<title>lakh</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/live.js"></script>
</head>
<body>
<div id="live"></div>
<noscript>The dashboard needs JavaScript. The same figures stand on the terminal and, after the run, in its record.</noscript>
</body>
</html>
`;
}
