/**
 * NTLMv2 over HTTP ([MS-NLMP], [MS-NTHT]): the messages of a client. As k6's: no workstation, no signing, no key exchange,
 * the domain only where the user name has one (`DOMAIN\user`).
 */
import { createHmac } from "node:crypto";
import { md4 } from "./md4.ts";

const signature = "NTLMSSP\0";
const keyExchange = 0x40000000;
/** Says that a version follows; none does. */
const versionFlag = 0x02000000;
const lanManagerKey = 0x80;
/** 1 January 1601 to 1 January 1970, in milliseconds. */
const epochMs = 11_644_473_600_000n;
const timestampId = 7;
const headerBytes = 64;

/** The first message, in base64: Unicode, NTLM, always sign, extended security, target info, 128 and 56 bits. */
export const negotiateMessage: string = "TlRMTVNTUAABAAAAAYKIoAAAAAAoAAAAAAAAACgAAAAGAbEdAAAADw==";

/** What a server's message says. */
export interface NtlmChallenge {
  readonly flags: number;
  readonly challenge: Buffer;
  readonly targetInfo: Buffer;
}

/** Reads the server's message; undefined for what is none, or asks for what is not spoken here. */
export function parseChallenge(base64: string): NtlmChallenge | undefined {
  const bytes = Buffer.from(base64, "base64");
  const isChallenge =
    bytes.length >= 48 &&
    bytes.toString("latin1", 0, 8) === signature &&
    bytes.readUInt32LE(8) === 2;
  if (!isChallenge) return undefined;
  const flags = bytes.readUInt32LE(20);
  if ((flags & (keyExchange | lanManagerKey)) !== 0) return undefined;
  const start = bytes.readUInt32LE(44);
  return {
    flags,
    challenge: bytes.subarray(24, 32),
    targetInfo: bytes.subarray(start, start + bytes.readUInt16LE(40)),
  };
}

/** Who logs in, and what makes the answer fresh. */
export interface NtlmLogin {
  /** `user`, `DOMAIN\user` or `user@domain`. */
  readonly user: string;
  readonly password: string;
  /** Unix milliseconds. */
  readonly wallMs: number;
  /** Eight random bytes. */
  readonly clientChallenge: Uint8Array;
}

/** The last message, in base64. */
export function authenticateMessage(challenge: NtlmChallenge, login: NtlmLogin): string {
  const [domain, user] = splitUser(login.user);
  const key = responseKey(user, domain, login.password);
  const ntResponse = createNtResponse(key, challenge, login);
  const domainBytes = Buffer.from(domain, "utf16le");
  const userBytes = Buffer.from(user, "utf16le");
  const header = Buffer.alloc(headerBytes);
  header.write(signature, "latin1");
  header.writeUInt32LE(3, 8);
  const parts = [Buffer.alloc(0), ntResponse, domainBytes, userBytes, Buffer.alloc(0)];
  let offset = headerBytes;
  for (const [index, { length }] of parts.entries()) {
    const at = 12 + index * 8;
    header.writeUInt16LE(length, at);
    header.writeUInt16LE(length, at + 2);
    header.writeUInt32LE(offset, at + 4);
    offset += length;
  }
  header.writeUInt32LE((challenge.flags & ~versionFlag) >>> 0, 60);
  return Buffer.concat([header, ...parts]).toString("base64");
}

function splitUser(user: string): [domain: string, user: string] {
  const slash = user.indexOf("\\");
  return slash === -1 ? ["", user] : [user.slice(0, slash), user.slice(slash + 1)];
}

/** NTOWFv2. */
export function responseKey(user: string, domain: string, password: string): Buffer {
  const hash = md4(Buffer.from(password, "utf16le"));
  return hmac(hash, Buffer.from(user.toUpperCase() + domain, "utf16le"));
}

/** NTProofStr and what it proves. */
export function createNtResponse(
  key: Buffer,
  { challenge, targetInfo }: Pick<NtlmChallenge, "challenge" | "targetInfo">,
  { wallMs, clientChallenge }: Pick<NtlmLogin, "wallMs" | "clientChallenge">,
): Buffer {
  const temp = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    findTimestamp(targetInfo) ?? toFileTime(wallMs),
    clientChallenge,
    Buffer.alloc(4),
    targetInfo,
    Buffer.alloc(4),
  ]);
  return Buffer.concat([hmac(key, Buffer.concat([challenge, temp])), temp]);
}

/** MsvAvTimestamp, which the server wants back. */
function findTimestamp(targetInfo: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= targetInfo.length; at += 4 + targetInfo.readUInt16LE(at + 2)) {
    if (targetInfo.readUInt16LE(at) === timestampId) return targetInfo.subarray(at + 4, at + 12);
  }
  return undefined;
}

/** Hundreds of nanoseconds since 1601. */
function toFileTime(wallMs: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Math.floor(wallMs)) + epochMs) * 10_000n);
  return time;
}

function hmac(key: Uint8Array, data: Uint8Array): Buffer {
  return createHmac("md5", key).update(data).digest();
}
