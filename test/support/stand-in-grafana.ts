/**
 * Stands in for Grafana, which no registry of ours has: takes the same command line and environment, listens where it
 * is told to, and keeps the password of its first start. As a program: see monitor-programs.ts.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const { env } = process;

if (process.argv.includes("-v")) {
  console.log("grafana version 13.2.3");
} else {
  const data = env["GF_PATHS_DATA"]!;
  const passwordFile = join(data, "password");
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, env["GF_SECURITY_ADMIN_PASSWORD"]!);
  const password = readFileSync(passwordFile, "utf8");
  const login = `Basic ${Buffer.from(`${env["GF_SECURITY_ADMIN_USER"]}:${password}`).toString("base64")}`;
  const seen = Object.entries(env).filter(([name]) => /^(?:GF|LAKH)_/u.test(name));
  const start = { args: process.argv.slice(2), env: Object.fromEntries(seen) };
  writeFileSync(join(data, "start.json"), JSON.stringify(start));
  createServer((request, response) => {
    if (request.url === "/api/health")
      response.end(JSON.stringify({ database: "ok", version: "13.2.3" }));
    else if (request.headers.authorization === login) response.end("{}");
    else response.writeHead(401).end();
  }).listen(Number(env["GF_SERVER_HTTP_PORT"]), env["GF_SERVER_HTTP_ADDR"]);
}
