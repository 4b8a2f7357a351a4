import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const authorizationShape =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

export const isSigned = ({ headers }: IncomingMessage): boolean => authorizationShape.test(headers.authorization ?? "");

export interface SigningIdentity {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

/**
 * Checks a Signature Version 4 of a request. What is wrong in one word, or undefined when all is right. The age of the
 * signature is not looked at: the emulator's time may be virtual.
 */
export function signatureProblem(
  incoming: IncomingMessage,
  body: Uint8Array,
  { accessKeyId, secretAccessKey, region }: SigningIdentity,
): string | undefined {
  const found = authorizationShape.exec(incoming.headers.authorization ?? "");
  if (found === null) return "unsigned";
  const [, keyId, day = "", signedRegion = "", service = "", names = "", signature = ""] = found;
  if (keyId !== accessKeyId) return "unknown access key";
  if (signedRegion !== region) return "other region";
  const headerNames = names.split(";");
  if (!headerNames.includes("host") || !headerNames.includes("x-amz-date")) return "host or date not signed";
  const instant = String(incoming.headers["x-amz-date"] ?? "");
  if (!instant.startsWith(day)) return "other date";

  const target = new URL(incoming.url ?? "/", "http://emulator.invalid");
  const canonical = [
    incoming.method ?? "POST",
    target.pathname.split("/").map(encoded).join("/"),
    canonicalQuery(target),
    ...headerNames.map(
      (name) =>
        `${name}:${String(incoming.headers[name] ?? "")
          .trim()
          .replaceAll(/ +/g, " ")}`,
    ),
    "",
    names,
    hash("sha256", body),
  ].join("\n");
  const scope = `${day}/${signedRegion}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", instant, scope, hash("sha256", canonical)].join("\n");
  const key = [day, signedRegion, service, "aws4_request"].reduce(
    (secret: Buffer | string, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  const expected = createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex")) ? undefined : "wrong signature";
}

/** The path is encoded twice, as every service but S3 has it. */
const encoded = (segment: string): string => encodeURIComponent(segment).replaceAll(/[!'()*]/g, percent);

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

function canonicalQuery({ searchParams }: URL): string {
  return [...searchParams]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}
