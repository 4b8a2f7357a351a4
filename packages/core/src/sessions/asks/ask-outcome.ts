import { ColloquyError, type ErrorCode, errorCatalogue, type Outcome, type ProviderId } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";
import type { AskOutcome } from "./ask.js";

/** How a settled question ended. `answer` is what the schema made of what was said. */
export function askOutcome(row: AskRow, providerId: ProviderId, answer: unknown): AskOutcome<unknown> {
  const { result, id } = row;
  const about = { sessionId: row.sessionId, providerId };
  const reason = result?.reason;
  const why = reason === undefined ? "" : `: ${reason}`;
  const ended = (code: ErrorCode, message: string): ColloquyError =>
    result?.error ? storedAskError(row, providerId) : new ColloquyError({ code, message, ...about });
  switch (row.state) {
    case "answered": {
      const by = result?.answeredBy;
      return { state: "answered", answer, atMs: result?.atMs ?? 0, ...(by === undefined ? {} : { answeredBy: by }) };
    }
    case "rejected":
      return {
        state: "rejected",
        ...(reason === undefined ? {} : { reason }),
        error: ended("ASK_REJECTED", `Question ${id} was rejected${why}.`),
      };
    case "expired":
      return { state: "expired", error: ended("ASK_EXPIRED", `Question ${id} was not answered in time.`) };
    case "cancelled":
      return { state: "cancelled", error: ended("ASK_CANCELLED", `Question ${id} was cancelled.`) };
    case "unknown":
      return {
        state: "unknown",
        error: ended("OUTCOME_UNKNOWN", `Whether question ${id} arrived is not known${why}.`),
      };
    default: {
      const error = ended("ASK_FAILED", `Question ${id} failed${why}.`);
      return { state: "failed", reason: reason ?? error.code, error };
    }
  }
}

/** The error of the call that ended the question, as an earlier process may have stored it. */
function storedAskError({ sessionId, result }: AskRow, providerId: ProviderId): ColloquyError {
  const { code = "", message = "", outcome = "unknown" } = result?.error ?? {};
  return new ColloquyError({
    code: code in errorCatalogue ? (code as ErrorCode) : "ASK_FAILED",
    message,
    outcome: outcome as Outcome,
    sessionId,
    providerId,
  });
}

export function askDelivered({ id, sessionId }: AskRow): ColloquyError {
  return new ColloquyError({
    code: "ASK_DELIVERED",
    message: `The answer to question ${id} was given to another waiter.`,
    sessionId,
  });
}

export function askNotFound(id: string): ColloquyError {
  return new ColloquyError({ code: "ASK_NOT_FOUND", message: `The store holds no question ${id}.` });
}
