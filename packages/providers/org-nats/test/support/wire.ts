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

/** As the server's web framework writes pages. */
export function page(status: number, title: string): WireResponse {
  return answered(status, `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n`);
}

/** A session as the server answers it. */
export function sessionAnswer(fields: object = {}): WireResponse {
  return answered(200, {
    success: true,
    data: {
      session_id: "s-1",
      subject_id: "hitl.s-1",
      message_data: {},
      message_data_template: {},
      reception_channel_id: "",
      expiry_date: null,
      status: "pending",
      dsl_execution_id: "",
      ...fields,
    },
  });
}

export const unknownSession: WireResponse = answered(404, { success: false, error: "No document found" });

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
  const { status } = response;
  return procedure.throw(new ColloquyError({ code, message, status, ...(outcome ? { outcome } : {}) }));
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
