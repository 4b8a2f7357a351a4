import { ColloquyError, type Procedure, type WireResponse } from "@colloquy/core/contract";
import { runOverWire, type WireRun, wireAnswer } from "@colloquy/core/testing";
import { readFailure } from "../../src/failures.js";

export { wireAnswer as answered } from "@colloquy/core/testing";

/** A handled error of the service. */
export function refused(status: number, code: string, message: string, extra: object = {}): WireResponse {
  return wireAnswer(status, { success: false, error: { code, message, status, ...extra } });
}

/** The page that comes instead of the 429 that was meant. */
export const throttlePage: WireResponse = wireAnswer(
  500,
  "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n<p>The server</p>\n",
);

export function sessionAnswer(fields: object = {}): WireResponse {
  return wireAnswer(200, {
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
  return wireAnswer(200, {
    success: true,
    data: { response: text, session_id: "session_0123456789abcdef", execution_time: 1.23, request_id: "call-1" },
    timestamp: "2026-11-21T12:00:00.500000Z",
  });
}

/** Runs a procedure over scripted wire answers, going the whole way of a call. Fails when the script does not fit. */
export function drive<Result>(
  procedure: Procedure<Result>,
  script: readonly WireResponse[],
): Pick<WireRun<Result>, "result" | "requests"> {
  const { result, requests } = runOverWire(procedure, script, readFailure);
  return { result, requests };
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
