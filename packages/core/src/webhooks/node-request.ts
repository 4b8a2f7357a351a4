/** Node's `IncomingMessage`, and the requests that frameworks make of it. Written out, as edge runtimes lack Node's types. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** With Express: the whole path, where a router took a part of it off `url`. */
  readonly originalUrl?: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | number | undefined>>;
  /** The exact bytes, where something before kept them: serverless platforms, a `verify` hook of a body parser. */
  readonly rawBody?: unknown;
  /** The exact bytes, when a parser for raw bodies ran. Anything else in here is no use. */
  readonly body?: unknown;
  /** True once something has read the stream. */
  readonly readableDidRead?: boolean;
  on?(event: string, listener: (given: Uint8Array) => void): unknown;
  pause?(): unknown;
  resume?(): unknown;
}

/**
 * A web request of Node's. The body is the stream, unless something read it before: then `rawBody`, or `body` when that holds
 * bytes or text.
 *
 * Throws `TypeError` when the bytes are gone: parsed JSON written again is not what was signed.
 */
export function toWebRequest(request: NodeRequest): Request {
  const method = request.method ?? "GET";
  const init = { method, headers: webHeaders(request.headers) };
  const hasBody = method !== "GET" && method !== "HEAD";
  // `duplex` is what the standard asks for with a stream; the types of Node's fetch know it, others do not.
  const body = hasBody ? { body: bodyOf(request), duplex: "half" } : {};
  return new Request(urlOf(request), { ...init, ...body } as RequestInit);
}

function bodyOf(request: NodeRequest): string | Uint8Array | ReadableStream<Uint8Array> | null {
  const { rawBody, body, readableDidRead } = request;
  if (isContent(rawBody)) return rawBody;
  if (isContent(body)) return body;
  if (readableDidRead !== true && request.on) return streamOf(request);
  if (body === undefined || body === null) return null;
  throw new TypeError(
    "The raw body is gone: a body parser ran before the webhook handler. Mount the handler before it, keep the bytes as " +
      "`request.rawBody`, or parse this route with a parser that gives a Buffer.",
  );
}

const isContent = (value: unknown): value is string | Uint8Array =>
  typeof value === "string" || value instanceof Uint8Array;

/** Reads no faster than it is read. When the reader stops, the rest is let go by, so that the answer still gets through. */
function streamOf(request: NodeRequest): ReadableStream<Uint8Array> {
  let isOver = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const end = (finish: () => void) => (): void => {
        if (isOver) return;
        isOver = true;
        finish();
      };
      request.on?.("data", (chunk) => {
        if (isOver) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) request.pause?.();
      });
      request.on?.(
        "end",
        end(() => controller.close()),
      );
      for (const broken of ["error", "aborted", "close"])
        request.on?.(
          broken,
          end(() => controller.error(new Error("The sender went away."))),
        );
      request.pause?.();
    },
    pull() {
      request.resume?.();
    },
    cancel() {
      isOver = true;
      request.resume?.();
    },
  });
}

function webHeaders(given: NodeRequest["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    // HTTP/2 has the method and the path among its headers.
    if (value === undefined || name.startsWith(":")) continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      try {
        headers.append(name, String(each));
      } catch {
        // What the web's rules forbid in a header is in no signature.
      }
    }
  }
  return headers;
}

function urlOf({ url, originalUrl, headers }: NodeRequest): string {
  const path = originalUrl ?? url ?? "/";
  for (const host of [headers["host"], "localhost"]) {
    const whole = `http://${String(host)}${path.startsWith("/") ? path : `/${path}`}`;
    if (URL.canParse(whole)) return whole;
  }
  return "http://localhost/";
}
