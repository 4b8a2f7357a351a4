import { readFileSync } from "node:fs";
import {
  ColloquyError,
  type EncodeContext,
  type Operation,
  type Procedure,
  type RawDelivery,
  type RequestParts,
  type WireResponse,
} from "@colloquy/core/contract";
import { runOverWire, type WireRun, wireAnswer } from "@colloquy/core/testing";
import { readFailure } from "../../src/failures.js";

/** The instant at which every scripted answer arrives: 2026-08-21T12:00:00Z. */
export const arrivedAtMs: number = Date.parse("2026-08-21T12:00:00Z");

/** One answer as transport hands it over. `undefined` is an empty body, a string is text that is no JSON. */
export function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireResponse {
  return wireAnswer(status, body, headers, arrivedAtMs);
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

/** Runs a procedure over scripted wire answers, going the whole way of a call. Fails when the script does not fit. */
export function drive<Result>(procedure: Procedure<Result>, script: readonly WireResponse[]): WireRun<Result> {
  return runOverWire(procedure, script, readFailure);
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
