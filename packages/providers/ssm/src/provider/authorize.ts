import type { ReadyRequest } from "@colloquy/core/contract";
import { signRequest } from "../aws/sign.js";
import { readCredentialText } from "./options.js";

const signedNames = ["content-type", "x-amz-target"];

/** Pure: signs a request with Signature Version 4. Only the headers that are new are returned. */
export function authorize(region: string, request: ReadyRequest, credential: string): Record<string, string> {
  const { method, url, body = "", nowMs } = request;
  const headers: Record<string, string> = {};
  for (const name of signedNames) if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  const signed = signRequest(
    { method, url: new URL(url), headers, body: typeof body === "string" ? body : new TextDecoder().decode(body) },
    readCredentialText(credential),
    { region, service: "ssm", nowMs },
  );
  const { host: _host, ...added } = signed;
  for (const name of signedNames) delete added[name];
  return added;
}
