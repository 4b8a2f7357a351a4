import type { Account } from "./account.js";
import type { Answer } from "./answer.js";
import type { BucketName } from "./limit-table.js";
import type { Session } from "./session.js";

/** One request as a handler sees it. */
export interface Call {
  account: Account;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON; undefined when there was none or it could not be parsed. */
  body: unknown;
  bytes: Uint8Array;
  contentType: string;
}

/** A request that a session's API key vouches for. */
export interface SessionCall extends Call {
  session: Session;
}

export type Method = "GET" | "POST" | "PUT" | "DELETE";

interface RouteBase {
  method: Method;
  /** Below the base URL, with `:name` for parameters. */
  path: string;
}

/** A route for personal access tokens. */
export interface AccountRoute extends RouteBase {
  token: "pat";
  handle(call: Call): Answer;
}

/** A route for anybody. */
export interface OpenRoute extends RouteBase {
  token: "none";
  handle(call: Call): Answer;
}

/** A route for a session's API key. */
export interface SessionRoute extends RouteBase {
  token: "session";
  /** Whether the session must be connected. */
  connected: boolean;
  /** The limit that the request spends before it is handled. */
  bucket?: BucketName;
  handle(call: SessionCall): Answer;
}

export type Route = AccountRoute | OpenRoute | SessionRoute;

export const accountRoute = (method: Method, path: string, handle: (call: Call) => Answer): Route => ({
  method,
  path,
  token: "pat",
  handle,
});

export const openRoute = (method: Method, path: string, handle: (call: Call) => Answer): Route => ({
  method,
  path,
  token: "none",
  handle,
});

/** For sessions in any state. */
export const sessionRoute = (method: Method, path: string, handle: (call: SessionCall) => Answer): Route => ({
  method,
  path,
  token: "session",
  connected: false,
  handle,
});

/** For connected sessions, with the limit that it spends, if there is one. */
export const phoneRoute = (
  method: Method,
  path: string,
  handle: (call: SessionCall) => Answer,
  bucket?: BucketName,
): Route => ({ method, path, token: "session", connected: true, handle, ...(bucket ? { bucket } : {}) });

/** A parameter of the path; the router has made sure that it is there. */
export const param = (call: Call, name: string): string => call.params[name] ?? "";
