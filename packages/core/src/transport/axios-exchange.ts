import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios, {
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from "axios";
import axiosRetry from "axios-retry";
import type { HttpMethod, ReadyRequest, WireRequest } from "../contract/index.js";
import type { CarriedCredential } from "./credentials.js";
import { httpAdapter, needsProxy } from "./http-adapter.js";
import type { TransportLimits } from "./options.js";
import { type Reading, readAnswer } from "./read-answer.js";
import { StreamBody } from "./stream-body.js";
import { wireUrl } from "./wire-request.js";

/** A socket that was idle for longer is not used again: servers close theirs after 5 s, and a reset then has no sure meaning. */
const idleSocketMs = 4_000;

/** One call on its way, told by axios and axios-retry what happens to it. */
export interface Course {
  /** Each attempt, right before it goes to the network. An attempt that ends without it was never sent. */
  onDeparture(): void;
  /** Throws when the attempt may not leave after all. Called when its connection stands and nothing was written yet. */
  readonly assertMayLeave: (() => void) | undefined;
  /** Each attempt's answer. True: it should be repeated. */
  onAnswer(response: AxiosResponse<Uint8Array>): boolean;
  /** Each attempt that ended without an answer. True: it should be repeated. What it throws ends the call. */
  onFault(error: unknown): boolean;
  /** For calls whose answers are read while they come; undefined for all others. */
  readonly reading: Reading | undefined;
  /** Awaited before each attempt but the first: waits its turn and gives the next attempt its credential and signal. */
  beforeRepeat(): Promise<Departure>;
}

/** What changes from attempt to attempt. */
export interface Departure {
  readonly credential: CarriedCredential | undefined;
  /** Puts the credential on the request in the provider's own way, in place of `credential`. */
  readonly authorize?: (request: Omit<ReadyRequest, "nowMs">) => Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

interface CourseConfig extends InternalAxiosRequestConfig {
  readonly course?: Course;
}

/** An answer that goes back to axios-retry to be repeated. It never leaves this file. */
class RepeatableAnswer extends Error {
  readonly config: CourseConfig;

  constructor(config: CourseConfig) {
    super("This answer is to be repeated.");
    this.config = config;
  }
}

export interface AxiosExchange {
  /** Makes the call, attempts and all. Rejects with whatever `onFault` declined to repeat, or a hook of it threw. */
  send(baseUrl: string, request: WireRequest, first: Departure, course: Course): Promise<AxiosResponse<Uint8Array>>;
  close(): void;
}

/**
 * axios carries one exchange and axios-retry repeats it; both only ask the course what to do. `adapter` replaces the network
 * in unit tests.
 */
export function createAxiosExchange(limits: Required<TransportLimits>, adapter?: AxiosAdapter): AxiosExchange {
  const httpAgent = new HttpAgent({ keepAlive: true, timeout: idleSocketMs });
  const httpsAgent = new HttpsAgent({ keepAlive: true, timeout: idleSocketMs });
  const carry: AxiosAdapter = adapter ?? (needsProxy() ? axios.getAdapter("http") : httpAdapter);
  const client = axios.create({
    httpAgent,
    httpsAgent,
    maxRedirects: 0,
    maxContentLength: limits.maxResponseBytes,
    maxBodyLength: limits.maxRequestBytes,
    responseType: "arraybuffer",
    validateStatus: () => true,
    // Bodies are written and read by us, once.
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    adapter: (config) => {
      const { course } = config as CourseConfig;
      course?.onDeparture();
      if (course?.reading) return readAnswer(carry, config, course.reading);
      if (carry === httpAdapter) return httpAdapter(config, course?.assertMayLeave);
      if (!(config.data instanceof StreamBody)) return carry(config);
      return carry({ ...config, data: config.data.readable() });
    },
  });
  forgetBrowserDefaults(client);
  offerAnswers(client);
  axiosRetry(client, {
    retries: limits.maxAttempts + limits.maxRefusals,
    // All waiting is done in `onRetry`: a delay here would come on top of it.
    retryDelay: () => 0,
    retryCondition: (error) => {
      if ((error as Error) instanceof RepeatableAnswer) return true;
      return (error.config as CourseConfig | undefined)?.course?.onFault(error) ?? false;
    },
    onRetry: async (_count, _error, config) => {
      const next = config as CourseConfig;
      depart(next, await (next.course as Course).beforeRepeat());
    },
  });
  return {
    send: (baseUrl, request, first, course) => {
      const config = {
        url: wireUrl(baseUrl, request),
        method: request.method,
        headers: {
          Accept: "application/json",
          "User-Agent": "colloquy",
          ...request.headers,
          ...contentHeadersOf(request),
        },
        data: contentOf(request),
        signal: first.signal,
        course,
      };
      Object.assign(config.headers, authorization(first, config));
      return client.request<Uint8Array>(config as never);
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** axios merges its defaults anew for each request, most of which are for browsers and forms: a tenth of what a request costs. */
function forgetBrowserDefaults({ defaults }: AxiosInstance): void {
  for (const name of ["env", "transitional", "timeout", "xsrfCookieName", "xsrfHeaderName"] as const)
    delete defaults[name];
  (defaults as { headers: object }).headers = {};
}

/** Registered before axios-retry's own handler, so that an answer which this one rejects reaches it. */
function offerAnswers(client: AxiosInstance): void {
  client.interceptors.response.use((response: AxiosResponse<Uint8Array>) => {
    const config = response.config as CourseConfig;
    if (!config.course?.onAnswer(response)) return response;
    throw new RepeatableAnswer(config);
  });
}

function depart(config: CourseConfig, departure: Departure): void {
  config.signal = departure.signal;
  const { method = "GET", url = "", data } = config;
  const headers = config.headers.toJSON() as Readonly<Record<string, string>>;
  for (const [name, value] of Object.entries(authorization(departure, { method, url, headers, data })))
    config.headers.set(name, value);
}

interface Unauthorized {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data?: unknown;
}

function authorization({ credential, authorize }: Departure, sent: Unauthorized): Readonly<Record<string, string>> {
  if (!authorize) return credential ? { [credential.header]: credential.value } : {};
  const { method, url, data } = sent;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(sent.headers)) headers[name.toLowerCase()] = value;
  const body = typeof data === "string" || data instanceof Uint8Array ? { body: data } : {};
  return authorize({ method: method.toUpperCase() as HttpMethod, url, headers, ...body });
}

function contentHeadersOf({ body }: WireRequest): Record<string, string> {
  if (!body) return {};
  if (body.kind === "json") return { "Content-Type": "application/json" };
  const { contentType } = body;
  return body.kind === "bytes"
    ? { "Content-Type": contentType }
    : { "Content-Type": contentType, "Content-Length": String(body.source.byteLength) };
}

/** JSON stays text, which Node sends together with the headers in one write. */
function contentOf({ body }: WireRequest): string | Buffer | StreamBody | undefined {
  if (!body) return undefined;
  if (body.kind === "json") return JSON.stringify(body.value);
  if (body.kind === "stream") return new StreamBody(body.source, body.onProgress);
  return Buffer.from(body.value.buffer, body.value.byteOffset, body.value.byteLength);
}
