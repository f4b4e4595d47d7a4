import http from "k6/http";

export const options = {
  blockHostnames: ["evil.test", "*.ads.test", "UPPER.test", "*suffix.test"],
  blacklistIPs: ["10.0.0.0/8", "127.0.0.77/32", "::2/128"],
  hosts: { "evil.test": "127.0.0.1", "hosted.test": "10.1.2.3" },
};

export default function () {
  for (const host of [
    "evil.test", "EVIL.test", "a.b.ads.test", "upper.test", "xsuffix.test", "suffix.test", "10.2.3.4", "127.0.0.77", "[::2]",
    "[::ffff:127.0.0.77]", "hosted.test",
  ]) {
    const response = http.get(`http://${host}/`);
    console.log(host, response.status, response.error_code, response.error, response.body === null);
  }
}
