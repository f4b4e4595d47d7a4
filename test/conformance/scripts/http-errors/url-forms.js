import http from "k6/http";

export default function () {
  const base = __ENV.FAULT_URL;
  for (const path of [
    "/x?a b", "/x?é", "/é?x=1", "/a b?c d", "/a%2Fb c", "/!*'()[]", '/a"b<>\\^`{|}', '/x?"<>\\^`{|}', "?q", "#f", "/x#a b", "/%41", "/a?b?c",
    "/a;b:c@d&e=f+g,h$i", "//x//y/../z", "/é%2f?", "/?",
  ]) {
    const r = http.get(base + path);
    console.log(JSON.stringify(path), r.body.split("\r\n")[0].split("\n")[1], r.url);
  }
  console.log(http.get(base.replace("http://", "HTTP://") + "/ok").url);
}
