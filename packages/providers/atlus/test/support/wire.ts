import { type AnyOperation, ColloquyError, type Procedure, type WireResponse } from "@colloquy/core/contract";
import { readFailure } from "../../src/failures.js";

/** The instant at which every scripted answer arrives: 2026-11-21T12:00:00Z. */
const arrivedAtMs: number = Date.parse("2026-11-21T12:00:00Z");

/** One answer as transport hands it over. `undefined` is an empty body, a string is text that is no JSON. */
export function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireResponse {
  const format = body === undefined ? "empty" : typeof body === "string" ? "other" : "json";
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  return { status, headers, format, body: format === "json" ? body : undefined, text, receivedAtMs: arrivedAtMs };
}

/** A handled error of the service. */
export function refused(status: number, code: string, message: string, extra: object = {}): WireResponse {
  return answered(status, { success: false, error: { code, message, status, ...extra } });
}

/** The page that comes instead of the 429 that was meant. */
export const throttlePage: WireResponse = answered(
  500,
  "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n<p>The server</p>\n",
);

export function sessionAnswer(fields: object = {}): WireResponse {
  return answered(200, {
    success: true,
    data: {
      session_id: "session_0123456789abcdef",
      user_id: "user_123",
      created_at: "2026-11-21T11:00:00.123456Z",
      last_activity: "2026-11-21T11:30:00Z",
      is_active: true,
      metadata: null,
      ...fields,
    },
    timestamp: "2026-11-21T12:00:00.000001Z",
  });
}

export function chatAnswer(text: string): WireResponse {
  return answered(200, {
    success: true,
    data: { response: text, session_id: "session_0123456789abcdef", execution_time: 1.23, request_id: "call-1" },
    timestamp: "2026-11-21T12:00:00.500000Z",
  });
}

export interface DriveRun<Result> {
  readonly result: Result;
  /** `METHOD /path` of each exchange. */
  readonly requests: readonly string[];
}

/** Runs a procedure over scripted wire answers, going the whole way of a call. Fails when the script does not fit. */
export function drive<Result>(procedure: Procedure<Result>, script: readonly WireResponse[]): DriveRun<Result> {
  const requests: string[] = [];
  let step = procedure.next();
  while (!step.done) {
    const { operation, input } = step.value;
    const { params = {} } = operation.encode(input, {});
    const path = operation.path.replace(/\{(\w+)\}/g, (_place, name: string) => String(params[name]));
    requests.push(`${operation.method} ${path}`);
    const response = script[requests.length - 1];
    if (!response) throw new TypeError(`No answer is scripted for ${requests.at(-1)}.`);
    step = next(procedure, operation, response);
  }
  if (requests.length < script.length)
    throw new TypeError(`Only ${requests.length} of ${script.length} answers were asked for.`);
  return { result: step.value, requests };
}

function next<Result>(
  procedure: Procedure<Result>,
  operation: AnyOperation,
  response: WireResponse,
): ReturnType<Procedure<Result>["next"]> {
  const failure = readFailure(response, operation);
  if (!failure) return procedure.next(operation.decode(response));
  const { code, outcome } = failure;
  const message = `${operation.name} was refused.`;
  return procedure.throw(new ColloquyError({ code, message, ...(outcome ? { outcome } : {}) }));
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
