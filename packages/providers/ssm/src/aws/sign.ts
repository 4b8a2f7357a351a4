import { createHmac, hash } from "node:crypto";
import type { AwsCredentials } from "./credentials.js";

export interface RequestToSign {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. `host` and `x-amz-date` are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SigningScope {
  readonly region: string;
  readonly service: string;
  readonly nowMs: number;
}

const algorithm = "AWS4-HMAC-SHA256";

/** The headers of a request signed with Signature Version 4, the given ones included. */
export function signRequest(
  request: RequestToSign,
  credentials: AwsCredentials,
  { region, service, nowMs }: SigningScope,
): Record<string, string> {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = stamp.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    "x-amz-date": stamp,
    ...(credentials.sessionToken !== undefined && { "x-amz-security-token": credentials.sessionToken }),
  };
  const names = Object.keys(headers).toSorted();
  const signedHeaders = names.join(";");
  const canonical = [
    request.method,
    request.url.pathname.split("/").map(encoded).join("/"),
    canonicalQuery(request.url),
    ...names.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/\s+/g, " ")}`),
    "",
    signedHeaders,
    hash("sha256", request.body, "hex"),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = [algorithm, stamp, scope, hash("sha256", canonical, "hex")].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<Buffer>(
    hmac,
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  const signature = hmac(key, toSign).toString("hex");
  const credential = `${credentials.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

function canonicalQuery(url: URL): string {
  const pairs = [...url.searchParams].map(([name, value]) => [encoded(name), encoded(value)] as const);
  const inOrder = pairs.toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return inOrder.map(([name, value]) => `${name}=${value}`).join("&");
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Each segment of the path is encoded a second time, as every service but S3 wants it. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
