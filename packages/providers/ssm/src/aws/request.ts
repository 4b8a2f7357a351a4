import type { ColloquyError } from "@colloquy/core/contract";
import { type Clock, systemClock } from "../clock.js";
import { ssmError } from "../errors.js";
import { type AwsCredentialSource, resolveCredentials } from "./credentials.js";
import { codeOfStatus, codeOfType, typeOf } from "./failures.js";
import { signRequest } from "./sign.js";

export interface AwsOptions {
  /** For example `eu-central-1`. */
  readonly region: string;
  readonly credentials: AwsCredentialSource;
  /** Default: the service's public endpoint in the region. A private endpoint or an emulator goes here. */
  readonly endpoint?: string;
  /** Default: the one of the platform. */
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
}

export interface AwsCall {
  readonly service: "ssm" | "kms";
  /** As in `X-Amz-Target`. */
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
}

/** One signed JSON 1.1 request. Rejects with a `ColloquyError`; nothing of the keys is in it. */
export async function awsRequest(options: AwsOptions, call: AwsCall): Promise<Readonly<Record<string, unknown>>> {
  const { region, fetch = globalThis.fetch, clock = systemClock } = options;
  const { service, target, signal } = call;
  const url = new URL(options.endpoint ?? `https://${service}.${region}.amazonaws.com/`);
  const body = JSON.stringify(call.body);
  const credentials = await resolveCredentials(options.credentials);
  const headers = signRequest(
    { method: "POST", url, headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target }, body },
    credentials,
    { region, service, nowMs: clock.now() },
  );
  // The platform writes it from the URL.
  const { host: _host, ...sent } = headers;
  const request = { method: "POST", headers: sent, body, redirect: "error", ...(signal && { signal }) } as const;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, request);
    text = await response.text();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw ssmError({ code: "NETWORK_UNREACHABLE", message: `No answer to ${target}.`, operation: target, cause });
  }
  const read = parsed(text);
  if (!response.ok) throw failure(target, response.status, read);
  if (!read)
    throw ssmError({ code: "RESPONSE_MALFORMED", message: `The answer to ${target} is no JSON.`, operation: target });
  return read;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function failure(target: string, status: number, read: Readonly<Record<string, unknown>> | undefined): ColloquyError {
  const providerCode = typeOf(read);
  return ssmError({
    code: codeOfType(providerCode) ?? codeOfStatus(status),
    message: `${target} was answered with ${status}.`,
    operation: target,
    status,
    ...(providerCode !== undefined && { providerCode }),
  });
}
