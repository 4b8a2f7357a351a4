import type { Operation, Problem, SendReceipt } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../decode.js";
import {
  type Metadata,
  problemsOfOwner,
  refuseProblems,
  requestIdHeaders,
  type SessionTarget,
  sessionIdOf,
} from "../input.js";
import { withoutUndefined } from "../json.js";
import { writtenInstantMs } from "../timestamps.js";

export interface ChatInput extends SessionTarget {
  /** 1 to 5,000 characters, not blank. */
  readonly message: string;
  /** Whose long-term memory is used. Default: the service's `default_user`. It need not be the session's owner. */
  readonly userId?: string;
  /** Taken and ignored by the service. */
  readonly metadata?: Metadata;
}

/** What ATLUS said. `providerMessageId` is the request's id: the service has no other name for an answer. */
export interface AtlusAnswer extends SendReceipt {
  readonly text: string;
  /** The session's id; that of a temporary session, which cannot be chatted in again, when none was named. */
  readonly sessionId?: string;
  /** As the service measured it, to 10 ms. */
  readonly executionTimeMs?: number;
  readonly answeredAtMs?: number;
}

export const longestMessage = 5_000;

/** What the service would refuse of a text. It counts code points. */
export function problemsOfText(field: string, text: unknown): readonly Problem[] {
  if (typeof text !== "string" || text.trim() === "") return [{ field, message: "May not be blank." }];
  return Array.from(text).length > longestMessage
    ? [{ field, message: `May have ${longestMessage} characters at most.` }]
    : [];
}

const answer = z.looseObject({
  data: z.looseObject({
    response: z.string(),
    session_id: optionalText,
    execution_time: z.number().min(0).optional().catch(undefined),
    request_id: z.string().min(1),
  }),
  timestamp: z.unknown().optional(),
});

export const send: Operation<ChatInput, AtlusAnswer> = {
  name: "chat.send",
  summary:
    "Asks ATLUS and waits for its answer, which may take minutes. Without a session nothing said before is known.",
  method: "POST",
  path: "/api/v1/chat",
  credential: "personal_access_token",
  // There is no key to repeat it by: a second one would be a second turn.
  repeatable: "never",
  buckets: ["chat"],
  // The service keeps no order among chats of one session, so they go one by one.
  maxConcurrentPerSession: 1,
  encode: (input, context) => {
    refuseProblems("chat.send", [...problemsOfText("message", input.message), ...problemsOfOwner(input)]);
    const { message, userId, metadata } = input;
    const sessionId = sessionIdOf("chat.send", input, context);
    const value = {
      message,
      ...(sessionId === undefined ? {} : { session_id: sessionId }),
      ...(userId === undefined ? {} : { user_id: userId }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    return { headers: requestIdHeaders(context), body: { kind: "json", value } };
  },
  decode: (response) => {
    const { data, timestamp } = decodeBody("chat.send", answer, response);
    return withoutUndefined<AtlusAnswer>({
      providerMessageId: data.request_id,
      status: "answered",
      text: data.response,
      sessionId: data.session_id,
      executionTimeMs: data.execution_time === undefined ? undefined : Math.round(data.execution_time * 1_000),
      answeredAtMs: writtenInstantMs(timestamp),
    });
  },
};

export type ChatOperations = { readonly send: typeof send };

/** The same with another time for one chat. */
export function chatOperations(attemptTimeoutMs: number): ChatOperations {
  return { send: { ...send, attemptTimeoutMs } };
}
