/** `encrypt` and `decrypt`: AES in three modes, RSA-OAEP. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  privateDecrypt,
  publicEncrypt,
} from "node:crypto";
import { HostError } from "../host-error.ts";
import { type Algorithm, operationError, opensslHash, syntaxError } from "./algorithm.ts";
import { parameterBytes } from "./bytes.ts";
import { type CryptoKey, handleOf, parametersOf, secretOf } from "./key.ts";

export interface CipherRequest {
  readonly algorithm: Algorithm;
  readonly key: CryptoKey;
  readonly data: Buffer;
}

const blockBytes = 16;

/** @throws HostError */
export function encrypt(request: CipherRequest): Buffer {
  const { algorithm } = request;
  if (!algorithm.hasParams)
    throw syntaxError('invalid algorithm parameters, unable to interpret as "" object');
  switch (algorithm.name) {
    case "AES-CBC":
      return encryptCbc(request);
    case "AES-CTR":
      return applyCtr(request);
    case "AES-GCM":
      return encryptGcm(request);
    default:
      return encryptOaep(request);
  }
}

/** @throws HostError */
export function decrypt(request: CipherRequest): Buffer {
  const { algorithm } = request;
  if (!algorithm.hasParams)
    throw syntaxError('invalid algorithm parameters, unable to interpret as "" object');
  switch (algorithm.name) {
    case "AES-CBC":
      return decryptCbc(request);
    case "AES-CTR":
      return applyCtr(request);
    case "AES-GCM":
      return decryptGcm(request);
    default:
      return decryptOaep(request);
  }
}

function aesName(key: CryptoKey, mode: string): string {
  return `aes-${secretOf(key).length * 8}-${mode}`;
}

function encryptCbc({ algorithm, key, data }: CipherRequest): Buffer {
  const iv = parameterBytes(algorithm.params["iv"]);
  if (iv.length !== blockBytes) throw operationError("iv length is not 16 bytes");
  // k6 cannot pad nothing.
  if (data.length === 0) throw operationError("could not pad plaintext");
  const cipher = createCipheriv(aesName(key, "cbc"), secretOf(key), iv);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function decryptCbc({ algorithm, key, data }: CipherRequest): Buffer {
  const iv = parameterBytes(algorithm.params["iv"]);
  if (iv.length !== blockBytes) throw operationError("iv length is invalid, should be 16 bytes");
  try {
    const decipher = createDecipheriv(aesName(key, "cbc"), secretOf(key), iv);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    // OpenSSL says no more than that the padding is wrong, or the length.
    throw operationError("invalid padding");
  }
}

function applyCtr({ algorithm, key, data }: CipherRequest): Buffer {
  const counter = parameterBytes(algorithm.params["counter"]);
  if (counter.length !== blockBytes) throw operationError("counter length is not 16 bytes");
  const lengthBits = Math.trunc(Number(algorithm.params["length"])) || 0;
  if (lengthBits <= 0 || lengthBits > 128)
    throw operationError("invalid counter length, out of the 0 < x < 128 bounds");
  // The whole block counts, whatever the length: k6's own way, too.
  return createCipheriv(aesName(key, "ctr"), secretOf(key), counter).update(data);
}

const gcmIvBytes = 12;
const tagBits: readonly number[] = [96, 104, 112, 120, 128];

interface GcmParameters {
  readonly iv: Buffer;
  readonly tagBytes: number;
  readonly additionalData: Buffer;
}

function gcmParameters({ params }: Algorithm): GcmParameters {
  const iv = parameterBytes(params["iv"]);
  if (iv.length !== gcmIvBytes)
    throw new HostError("NotSupportedError", "only 12 bytes long iv are supported");
  const given = Math.trunc(Number(params["tagLength"])) || 128;
  if (given === 32 || given === 64)
    throw new HostError("NotSupportedError", "tag length 32 and 64 are not supported");
  if (!tagBits.includes(given))
    throw operationError("invalid tag length, should be one of 96, 104, 112, 120, 128");
  return { iv, tagBytes: given / 8, additionalData: parameterBytes(params["additionalData"]) };
}

function encryptGcm({ algorithm, key, data }: CipherRequest): Buffer {
  const { iv, tagBytes, additionalData } = gcmParameters(algorithm);
  const name = aesName(key, "gcm") as "aes-256-gcm";
  const cipher = createCipheriv(name, secretOf(key), iv, { authTagLength: tagBytes });
  cipher.setAAD(additionalData);
  return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
}

function decryptGcm({ algorithm, key, data }: CipherRequest): Buffer {
  const { iv, tagBytes, additionalData } = gcmParameters(algorithm);
  if (data.length < tagBytes) throw operationError("ciphertext is too short");
  const name = aesName(key, "gcm") as "aes-256-gcm";
  const split = data.length - tagBytes;
  try {
    const decipher = createDecipheriv(name, secretOf(key), iv, { authTagLength: tagBytes });
    decipher.setAAD(additionalData);
    decipher.setAuthTag(data.subarray(split));
    return Buffer.concat([decipher.update(data.subarray(0, split)), decipher.final()]);
  } catch {
    // The tag does not fit; there is nothing more to say.
    throw operationError("could not decrypt ciphertext");
  }
}

function oaepOptions(request: CipherRequest): {
  key: ReturnType<typeof handleOf>;
  padding: number;
  oaepHash: string;
  oaepLabel: Buffer;
} {
  const { algorithm, key } = request;
  return {
    key: handleOf(key),
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: opensslHash(parametersOf(key).hash!),
    oaepLabel: parameterBytes(algorithm.params["label"]),
  };
}

function encryptOaep(request: CipherRequest): Buffer {
  try {
    return publicEncrypt(oaepOptions(request), request.data);
  } catch {
    // The only way to fail with a public key of RSA: too much data.
    throw operationError("could not encrypt data: crypto/rsa: message too long for RSA key size");
  }
}

function decryptOaep(request: CipherRequest): Buffer {
  try {
    return privateDecrypt(oaepOptions(request), request.data);
  } catch {
    // Why it failed must not be told: that would be an oracle.
    throw operationError("could not decrypt data: crypto/rsa: decryption error");
  }
}
