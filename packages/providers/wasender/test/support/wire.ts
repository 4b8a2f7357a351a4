import { readFileSync } from "node:fs";
import {
  type AnyOperation,
  ColloquyError,
  type EncodeContext,
  type Operation,
  type Procedure,
  type RawDelivery,
  type RequestParts,
  type WireResponse,
} from "@colloquy/core/contract";
import { readFailure } from "../../src/failures.js";

/** The instant at which every scripted answer arrives: 2026-08-21T12:00:00Z. */
export const arrivedAtMs: number = Date.parse("2026-08-21T12:00:00Z");

/** One answer as transport hands it over. `undefined` is an empty body, a string is text that is no JSON. */
export function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireResponse {
  const format = body === undefined ? "empty" : typeof body === "string" ? "other" : "json";
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  return { status, headers, format, body: format === "json" ? body : undefined, text, receivedAtMs: arrivedAtMs };
}

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"));
}

/** Encodes as transport would, for a call on the account unless a context is given. */
export function encoded<Input, Output>(
  operation: Operation<Input, Output>,
  input: NoInfer<Input>,
  context: EncodeContext = {},
): RequestParts {
  return operation.encode(input, context);
}

/** The JSON body that an operation puts on the wire, as the other side parses it. */
export function wireBody<Input, Output>(
  operation: Operation<Input, Output>,
  input: NoInfer<Input>,
  context: EncodeContext = {},
): unknown {
  const { body } = operation.encode(input, context);
  return body?.kind === "json" ? JSON.parse(JSON.stringify(body.value)) : undefined;
}

/** Decodes a success, as transport would after `readFailure` found none. */
export function decoded<Output>(operation: Operation<never, Output>, body: unknown, status = 200): Output {
  return operation.decode(answered(status, body));
}

export interface DriveRun<Result> {
  readonly result: Result;
  /** `METHOD /path` of each exchange, places filled. */
  readonly requests: readonly string[];
  readonly bodies: readonly unknown[];
}

/**
 * Runs a procedure over scripted wire answers, going the whole way of a call: encode, fill the path, read the failure,
 * decode. Fails when the script is too short or too long.
 */
export function drive<Result>(procedure: Procedure<Result>, script: readonly WireResponse[]): DriveRun<Result> {
  const requests: string[] = [];
  const bodies: unknown[] = [];
  let step = procedure.next();
  while (!step.done) {
    const { operation, input } = step.value;
    const parts = operation.encode(input, {});
    requests.push(`${operation.method} ${filled(operation, parts)}`);
    bodies.push(parts.body?.kind === "json" ? parts.body.value : undefined);
    const response = script[requests.length - 1];
    if (!response) throw new TypeError(`No answer is scripted for ${requests.at(-1)}.`);
    step = next(procedure, operation, response);
  }
  if (requests.length < script.length)
    throw new TypeError(`Only ${requests.length} of ${script.length} answers were asked for.`);
  return { result: step.value, requests, bodies };
}

function next<Result>(
  procedure: Procedure<Result>,
  operation: AnyOperation,
  response: WireResponse,
): ReturnType<Procedure<Result>["next"]> {
  const failure = readFailure(response, operation);
  if (failure) {
    const { code, outcome } = failure;
    return procedure.throw(
      new ColloquyError({
        code,
        message: `${operation.name} was refused.`,
        status: response.status,
        ...(outcome ? { outcome } : {}),
      }),
    );
  }
  return procedure.next(operation.decode(response));
}

export function filled(operation: AnyOperation, parts: RequestParts): string {
  return operation.path.replace(/\{(\w+)\}/g, (_place, name: string) =>
    encodeURIComponent(String(parts.params?.[name])),
  );
}

/** A webhook delivery with this body and these headers. */
export function delivery(body: unknown, headers: Readonly<Record<string, string>> = {}): RawDelivery {
  return { headers, body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)) };
}

/** The error that a function throws; fails when it throws none of ours. */
export function thrown(run: () => unknown): ColloquyError {
  try {
    run();
  } catch (error) {
    if (error instanceof ColloquyError) return error;
    throw error;
  }
  throw new TypeError("Nothing was thrown.");
}
