import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { TLSSocket } from "node:tls";
import { AxiosError, AxiosHeaders, type AxiosResponse, CanceledError, type InternalAxiosRequestConfig } from "axios";
import { decompress } from "./decompress.js";
import { StreamBody } from "./stream-body.js";

const acceptedEncodings = "gzip, deflate, br";

/**
 * Carries one exchange for axios: a whole or streamed body out, a whole body in; with `responseType: "stream"` the body as it
 * comes. axios' own adapter can do far more (redirects, streams, forms, progress) and costs twice as much for it (ADR 4). Rejects as
 * axios' own does, with an `AxiosError` or a `CanceledError`; or with what `assertMayLeave` throws, which is called when the
 * connection stands and nothing was written yet.
 */
export function httpAdapter(
  config: InternalAxiosRequestConfig,
  assertMayLeave?: () => void,
): Promise<AxiosResponse<Uint8Array | IncomingMessage>> {
  return new Promise((resolve, reject) => {
    const { signal } = config;
    const body = config.data as Body | undefined;
    const fail = (error: unknown): void => {
      signal?.removeEventListener?.("abort", onAbort);
      reject(error);
    };
    let request: ClientRequest | undefined;
    const onAbort = (): void => {
      fail(new CanceledError(undefined, config, request));
      request?.destroy();
    };
    if (signal?.aborted) return onAbort();
    if (body && bytesOf(body) > (config.maxBodyLength ?? Number.POSITIVE_INFINITY))
      return fail(new AxiosError("The request's body is larger than the limit.", "ERR_BAD_REQUEST", config));
    try {
      request = open(config, body);
    } catch (error) {
      return fail(AxiosError.from(error, "ERR_INVALID_URL", config));
    }
    signal?.addEventListener?.("abort", onAbort);
    request.on("error", (error) => fail(AxiosError.from(error, undefined, config)));
    request.on("response", (incoming) => {
      if (config.responseType === "stream") {
        // Aborting still cuts the body off: whoever reads it is told by the stream.
        incoming.once("close", () => signal?.removeEventListener?.("abort", onAbort));
        return resolve(answerOf(incoming, incoming, config));
      }
      collect(incoming, config.maxContentLength ?? Number.POSITIVE_INFINITY, (error, data) => {
        if (!data) return fail(AxiosError.from(error, undefined, config));
        signal?.removeEventListener?.("abort", onAbort);
        // An answer before the whole body was sent: the rest has no reader.
        if (body instanceof StreamBody && !request?.writableFinished) request?.destroy();
        resolve(answerOf(incoming, data, config));
      });
    });
    const write = (): void => {
      if (!(body instanceof StreamBody)) return void request?.end(body);
      // Cut off, the other side cannot take a part for the whole: so nothing happened there.
      body.pipe(request).catch((error: unknown) => {
        fail(AxiosError.from(error, "ERR_BAD_REQUEST", config));
        request?.destroy();
      });
    };
    if (!assertMayLeave) return write();
    onceConnected(request, () => {
      try {
        assertMayLeave();
      } catch (error) {
        fail(error);
        request?.destroy();
        return;
      }
      write();
    });
  });
}

/** A new connection takes some turns of the event loop, in which a process may stand still for long. */
function onceConnected(request: ClientRequest, run: () => void): void {
  request.once("socket", (socket) => {
    if (socket.connecting) socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", run);
    else run();
  });
}

function answerOf<Data>(
  incoming: IncomingMessage,
  data: Data,
  config: InternalAxiosRequestConfig,
): AxiosResponse<Data> {
  return {
    status: incoming.statusCode as number,
    statusText: incoming.statusMessage ?? "",
    // Node gives lower-case names and joined values already, so nothing is left for axios to normalise.
    headers: Object.assign(new AxiosHeaders(), incoming.headers) as AxiosHeaders,
    data,
    config,
  };
}

type Body = string | Buffer | StreamBody;

function bytesOf(body: Body): number {
  return body instanceof StreamBody ? body.byteLength : Buffer.byteLength(body);
}

/** Whether the environment names a proxy, which only axios' own adapter knows how to use. */
export function needsProxy(environment: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return ["http_proxy", "https_proxy", "all_proxy"].some(
    (name) => environment[name] || environment[name.toUpperCase()],
  );
}

function open(config: InternalAxiosRequestConfig, body: Body | undefined): ClientRequest {
  const url = new URL(config.url as string);
  const isSecure = url.protocol === "https:";
  if (!isSecure && url.protocol !== "http:") throw new TypeError(`Unsupported protocol ${url.protocol}`);
  const headers = config.headers.toJSON() as Record<string, string>;
  headers["Accept-Encoding"] ??= acceptedEncodings;
  if (!body) delete headers["Content-Type"];
  const options: RequestOptions = {
    // An IPv6 address stands in brackets in a URL only.
    hostname: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    path: url.pathname + url.search,
    method: (config.method as string).toUpperCase(),
    headers,
    agent: (isSecure ? config.httpsAgent : config.httpAgent) as Agent,
  };
  if (url.port !== "") options.port = url.port;
  if (url.username !== "" || url.password !== "")
    options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return isSecure ? requestHttps(options) : requestHttp(options);
}

/** Takes the whole answer in, never more than `maxBytes` of it, before and after decompression. */
function collect(
  incoming: IncomingMessage,
  maxBytes: number,
  done: (error: Error | undefined, data?: Uint8Array) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const giveUp = (): void => {
    done(new Error(`maxContentLength size of ${maxBytes} exceeded`));
    incoming.destroy();
  };
  if (Number(incoming.headers["content-length"]) > maxBytes) return giveUp();
  incoming.on("data", (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return giveUp();
    chunks.push(chunk);
  });
  incoming.on("error", (error) => done(error));
  incoming.on("end", () => {
    const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes);
    const encoding = incoming.headers["content-encoding"];
    if (encoding === undefined || bytes === 0) return done(undefined, whole);
    decompress(whole, encoding, maxBytes, done);
  });
}
