/** Pages with links and forms. */
import type { Routes } from "./route.ts";

const pages: Readonly<Record<string, string>> = {
  index: `<!DOCTYPE html>
<html lang="en"><head><title>Index</title></head>
<body>
  <h1 class="title big">Welcome</h1>
  <ul id="list"><li data-n="1">one</li><li data-n="2">two</li><li>three</li></ul>
  <a href="/html/second">second</a> <a href="https://elsewhere.test/">elsewhere</a>
</body></html>`,
  second: "<html><body><p>second page</p><a href='/html/index'>back</a></body></html>",
  form: `<!DOCTYPE html>
<html><body>
  <form id="main" action="/form" method="post">
    <input name="user" value="ann"><input type="hidden" name="token" value="t1">
    <input type="checkbox" name="box" value="on" checked><input type="submit" name="go" value="Send">
    <textarea name="note">hello</textarea>
    <select name="pick"><option value="a">A</option><option value="b" selected>B</option></select>
  </form>
  <form id="search" action="/echo"><input name="q" value="term"><input type="submit" value="Find"></form>
</body></html>`,
};

export const htmlRoutes: Routes = {
  html: ({ rest }, response) => {
    const page = pages[rest[0] ?? "index"];
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.send(page === undefined ? 404 : 200, page ?? "<p>no such page</p>");
  },
};
