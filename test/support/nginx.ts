/** A real nginx for tests: on a free loopback port, in a folder of its own, ended with the test. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { localhostCertificate } from "./http-certificates.ts";
import { freePort } from "./free-port.ts";

const binary = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].find((path) =>
  existsSync(path),
);

/** Why tests with nginx are skipped here; false when they are not, or must not be. */
export const nginxIsMissing: string | false =
  binary === undefined && process.env["LAKH_NO_SKIPS"] !== "1"
    ? "nginx is not installed (apt-get install nginx)"
    : false;

/**
 * Starts nginx with HTTP/2 over TLS and returns its URL; it ends with `t`, a test or what has the like.
 *
 * @param locations directives of the server block
 * @param files by name, in the folder that is served
 */
export async function startNginx(
  t: { after(close: () => Promise<void>): unknown },
  locations: string,
  files: Readonly<Record<string, Uint8Array | string>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lakh-nginx-"));
  const port = await freePort();
  const paths = ["client", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name === "client" ? "client_body" : name}_temp_path ${folder}/${name};`,
  );
  await Promise.all([
    writeFile(join(folder, "cert.pem"), localhostCertificate.cert),
    writeFile(join(folder, "key.pem"), localhostCertificate.key),
    ...Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)),
    writeFile(
      join(folder, "nginx.conf"),
      `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
      events { worker_connections 512; }
      http {
        access_log off; ${paths.join(" ")}
        server {
          listen 127.0.0.1:${port} ssl http2;
          ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
          root ${folder}; client_max_body_size 64m; ${locations}
        }
      }`,
    ),
  ]);
  const child = spawn(binary!, ["-c", join(folder, "nginx.conf"), "-p", folder], {
    stdio: "ignore",
  });
  t.after(async () => {
    const ended = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    if (child.exitCode === null && child.kill()) await ended;
    await rm(folder, { recursive: true, force: true });
  });
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with code ${child.exitCode}`);
  }
  return `https://127.0.0.1:${port}`;
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
    socket.once("secureConnect", () => {
      resolve(true);
      socket.destroy();
    });
    socket.once("error", () => setTimeout(resolve, 10, false));
  });
}
