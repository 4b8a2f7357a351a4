import { pythonJson } from "../http/python.js";
import { internalErrorPage, Refused, type Reply } from "../http/reply.js";
import { type AtlusState, nowUs } from "./state.js";
import { isoMicroseconds } from "./wire-time.js";

/** The code of each handled error with its status. */
const statuses = {
  INVALID_CONTENT_TYPE: 400,
  INVALID_JSON: 400,
  VALIDATION_ERROR: 400,
  SESSION_NOT_FOUND: 404,
  INVALID_SESSION: 404,
  NO_SESSION_FOUND: 404,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  RATE_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
} as const;

export type AtlusErrorCode = keyof typeof statuses;

/** What pydantic found. */
export interface Detail {
  field: string;
  message: string;
  type: string;
}

/** JSON as Flask writes it: keys sorted, compact, ASCII only, with a line end. */
export function jsonReply(status: number, body: unknown): Reply {
  return {
    status,
    headers: { "Content-Type": "application/json" },
    body: `${pythonJson(body, { compact: true, sorted: true })}\n`,
  };
}

export function success(state: AtlusState, data: unknown, status = 200): Reply {
  return jsonReply(status, { success: true, data, timestamp: isoMicroseconds(nowUs(state)) });
}

/** Routing errors have no request id. */
export function failure(
  state: AtlusState,
  code: AtlusErrorCode,
  message: string,
  extra: { requestId?: string; details?: readonly Detail[] } = {},
): Reply {
  const status = statuses[code];
  return jsonReply(status, {
    success: false,
    error: { code, message, status, details: extra.details },
    timestamp: isoMicroseconds(nowUs(state)),
    request_id: extra.requestId,
  });
}

export function refuse(
  state: AtlusState,
  requestId: string,
  code: AtlusErrorCode,
  message: string,
  details?: readonly Detail[],
): never {
  throw new Refused(failure(state, code, message, { requestId, ...(details ? { details } : {}) }));
}

export function refuseInternally(state: AtlusState, requestId: string): never {
  return refuse(state, requestId, "INTERNAL_ERROR", "An internal server error occurred");
}

/** The handler for throttled requests uses a name that nobody imported, so it fails itself and a page comes. */
export function throttledReply(state: AtlusState, requestId: string): Reply {
  if (state.weather.dials.throttledAs === "html500") return internalErrorPage();
  return failure(state, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded. Please try again later.", { requestId });
}
