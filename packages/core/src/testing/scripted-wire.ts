import {
  type AnyOperation,
  type AnyProvider,
  ColloquyError,
  type Procedure,
  type RequestParts,
  type WireResponse,
} from "../contract/index.js";

const noonAtMs = Date.parse("2026-11-21T12:00:00Z");

/**
 * One answer as transport hands it over. `undefined` is an empty body, a string is text that is no JSON. It arrives at
 * 2026-11-21T12:00:00Z unless another instant is given.
 */
export function wireAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  receivedAtMs: number = noonAtMs,
): WireResponse {
  const format = body === undefined ? "empty" : typeof body === "string" ? "other" : "json";
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  return { status, headers, format, body: format === "json" ? body : undefined, text, receivedAtMs };
}

export interface WireRun<Result> {
  readonly result: Result;
  /** `METHOD /path` of each exchange, places filled. */
  readonly requests: readonly string[];
  /** Of each exchange, before it is written as JSON. */
  readonly bodies: readonly unknown[];
}

/**
 * Drives a procedure to its end over scripted wire answers, going the whole way of a call: encode, fill the path, read the
 * failure, decode. Throws a `TypeError` when the script is too short or too long.
 */
export function runOverWire<Result>(
  procedure: Procedure<Result>,
  script: readonly WireResponse[],
  readFailure: AnyProvider["readFailure"],
): WireRun<Result> {
  const requests: string[] = [];
  const bodies: unknown[] = [];
  let step = procedure.next();
  while (!step.done) {
    const { operation, input } = step.value;
    const parts = operation.encode(input, {});
    requests.push(`${operation.method} ${filledPath(operation, parts)}`);
    bodies.push(parts.body?.kind === "json" ? parts.body.value : undefined);
    const response = script[requests.length - 1];
    if (!response) throw new TypeError(`No answer is scripted for ${requests.at(-1)}.`);
    const failure = readFailure(response, operation);
    step = failure
      ? procedure.throw(errorOf(operation, response, failure))
      : procedure.next(operation.decode(response));
  }
  if (requests.length < script.length)
    throw new TypeError(`Only ${requests.length} of ${script.length} answers were asked for.`);
  return { result: step.value, requests, bodies };
}

/** The path of an operation with its places filled, as it goes on the wire. */
export function filledPath({ path }: AnyOperation, { params }: RequestParts): string {
  return path.replace(/\{(\w+)\}/g, (_place, name: string) => encodeURIComponent(String(params?.[name])));
}

function errorOf(
  { name }: AnyOperation,
  { status }: WireResponse,
  { code, outcome }: NonNullable<ReturnType<AnyProvider["readFailure"]>>,
): ColloquyError {
  return new ColloquyError({ code, message: `${name} was refused.`, status, ...(outcome ? { outcome } : {}) });
}
