import type { RequestView } from "../../packages/emulator/src/index.js";

/** One request as it is compared: all that a client decides, nothing that the connection adds. */
export interface WireRequest {
  readonly method: string;
  /** Below the base URL, percent-encoded as it came. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whose token, never the token. */
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, the size of a file, or absent. */
  readonly body?: unknown;
}

/** Set by Node or by the connection, so they tell nothing of the client. */
const mechanics = new Set([
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "host",
  "sec-fetch-mode",
  "transfer-encoding",
]);

const tokens = { pat: "personal access token", session: "session key", none: "none", invalid: "not known" } as const;

/** `origin` is where the emulator happens to listen; the service's own stands in for it. */
export function wireRequest(view: RequestView, origin: string): WireRequest {
  const headers = Object.entries(view.headers).filter(([name]) => !mechanics.has(name) && name !== "authorization");
  const body = bodyOf(view, origin);
  return {
    method: view.method,
    path: view.path,
    query: view.query,
    token: tokens[view.tokenKind],
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body }),
  };
}

function bodyOf({ body, headers }: RequestView, origin: string): unknown {
  if (body === undefined) return undefined;
  if (typeof body === "string") return `(${headers["content-length"] ?? "?"} bytes)`;
  return JSON.parse(JSON.stringify(body).replaceAll(origin, "https://wasenderapi.com"));
}
