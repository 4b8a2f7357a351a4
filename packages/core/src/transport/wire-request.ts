import {
  type AnyOperation,
  ColloquyError,
  type EncodeContext,
  type OpenedMedia,
  type Operation,
  type RequestParts,
  type WireRequest,
} from "../contract/index.js";

/** Encodes one call and fills the path template. Pure; throws `INPUT_INVALID`, with nothing sent, for what cannot go out. */
export function buildWireRequest(operation: AnyOperation, input: unknown, context: EncodeContext): WireRequest {
  const parts = operation.encode(input, context);
  return {
    method: operation.method,
    path: fillPath(operation, parts.params ?? {}),
    query: definedQuery(parts.query),
    headers: parts.headers ?? {},
    ...(parts.body ? { body: parts.body } : {}),
  };
}

/** The slowest line on which an upload is waited for. ASSUMED: 1 Mbit/s. */
const slowestBytesPerMs = 128;

/** The operation as it is carried with what it uploads: longer for much, and at most once for what can be read only once. */
export function carriedWith<Input, Output>(
  operation: Operation<Input, Output>,
  media: OpenedMedia,
  attemptTimeoutMs: number,
): Operation<Input, Output> {
  const transferMs = Math.ceil(media.byteLength / slowestBytesPerMs);
  return {
    ...operation,
    repeatable: media.canReopen ? operation.repeatable : "never",
    attemptTimeoutMs: (operation.attemptTimeoutMs ?? attemptTimeoutMs) + transferMs,
  };
}

/** The whole address, query and all. */
export function wireUrl(baseUrl: string, request: WireRequest): string {
  const base = baseUrl.endsWith("/") ? baseUrl.slice(0, -1) : baseUrl;
  const query = Object.entries(request.query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  return query === "" ? base + request.path : `${base}${request.path}?${query}`;
}

function fillPath(operation: AnyOperation, params: Readonly<Record<string, string | number>>): string {
  return operation.path.replace(/\{([^{}]+)\}/g, (_place, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    const text = value === undefined || value === null ? "" : String(value);
    if (text === "") throw invalid(operation, name, `"${name}" is missing.`);
    // Such a segment would walk out of its place: a URL parser removes it, also when it is percent-encoded.
    if (text === "." || text === "..") throw invalid(operation, name, `"${name}" cannot be "." or "..".`);
    if (!text.isWellFormed()) throw invalid(operation, name, `"${name}" is not well-formed text.`);
    return encodeURIComponent(text);
  });
}

function definedQuery(query: RequestParts["query"]): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) defined[name] = String(value);
  return defined;
}

function invalid(operation: AnyOperation, field: string, problem: string): ColloquyError {
  return new ColloquyError({
    code: "INPUT_INVALID",
    message: `${operation.name}: ${problem}`,
    operation: operation.name,
    fieldErrors: { [field]: [problem] },
  });
}
