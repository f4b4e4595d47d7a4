/** `POST /api/v1/auth/guest/init`: a session for a device, as a signed token (JWT, HS256) that the other routes verify. */
import type { FastifyInstance } from "fastify";
import type { Database } from "../database.ts";
import { openGuest } from "../guests.ts";

interface GuestInitBody {
  readonly deviceId: string;
  readonly deviceInfo: { readonly platform: string; readonly version: string };
}

const body = {
  type: "object",
  required: ["deviceId", "deviceInfo"],
  properties: {
    deviceId: { type: "string", minLength: 1, maxLength: 128 },
    deviceInfo: {
      type: "object",
      required: ["platform", "version"],
      properties: {
        platform: { type: "string", enum: ["android", "ios", "web", "tv"] },
        version: { type: "string", minLength: 1, maxLength: 32 },
      },
    },
  },
} as const;

const answer = {
  type: "object",
  properties: {
    guest: { type: "object", properties: { id: { type: "string" }, isNew: { type: "boolean" } } },
    tokens: {
      type: "object",
      properties: {
        accessToken: { type: "string" },
        tokenType: { type: "string" },
        expiresInSeconds: { type: "integer" },
      },
    },
  },
} as const;

/** Registers the route; tokens live for `tokenLifeSeconds`. */
export function registerGuestInit(
  server: FastifyInstance,
  database: Database,
  tokenLifeSeconds: number,
): void {
  server.post<{ Body: GuestInitBody }>(
    "/api/v1/auth/guest/init",
    { schema: { body, response: { 200: answer } } },
    async ({ body: { deviceId, deviceInfo } }) => {
      const guest = await openGuest(database, {
        deviceId,
        platform: deviceInfo.platform,
        appVersion: deviceInfo.version,
      });
      const accessToken = server.jwt.sign({ sub: guest.id, role: "guest" });
      return {
        guest,
        tokens: { accessToken, tokenType: "Bearer", expiresInSeconds: tokenLifeSeconds },
      };
    },
  );
}
