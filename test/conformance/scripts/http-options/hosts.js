import http from "k6/http";

const port = __ENV.FAULT_PORT;

export const options = {
  hosts: {
    "a.test": "127.0.0.2",
    "b.test": `127.0.0.3:${port}`,
    "c.test:99": `127.0.0.4:${port}`,
    "*.w.test": "127.0.0.5",
    "*.x.w.test": "127.0.0.6",
    [`*.p.test:80`]: `127.0.0.7:${port}`,
    "UP.test": "127.0.0.8",
    "1.2.3.4": "127.0.0.9",
    "m.test": "::ffff:127.0.0.1",
    "loop.test:80": "127.0.0.1",
  },
};

export default function () {
  for (const host of [
    `a.test:${port}`, "b.test", "b.test:99", "c.test:99", `x.w.test:${port}`, `y.x.w.test:${port}`, "q.p.test",
    `up.test:${port}`, `UP.test:${port}`, `1.2.3.4:${port}`, `m.test:${port}`, "loop.test",
  ]) {
    const response = http.get(`http://${host}/ok`, { tags: { name: "hosts" } });
    console.log(host.replace(port, "PORT"), response.status, response.remote_ip, response.error_code, response.error);
  }
}
