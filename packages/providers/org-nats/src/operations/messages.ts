import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../decode.js";
import { problemsOfText, refuseProblems, type SessionTarget, sessionIdOf } from "../input.js";

export interface Question extends SessionTarget {
  /** Who is asked: a channel of the organisation. */
  readonly channelId: string;
  readonly message: string;
}

export interface SentQuestion {
  /** `message_sent`. */
  readonly status: string;
  /** What the human's endpoint said to it, when that was an object. */
  readonly reply?: Readonly<Record<string, unknown>>;
}

const sent = z.looseObject({
  status: z.string().min(1),
  details: z.looseObject({ data: z.record(z.string(), z.unknown()).optional().catch(undefined) }).optional(),
});

const send: Operation<Question, SentQuestion> = {
  name: "messages.send",
  summary: "Asks the human behind a channel. A failure does not always say that the human was not asked.",
  method: "POST",
  path: "/sessions/{sessionId}/send_message",
  credential: "personal_access_token",
  // The human would be asked twice.
  repeatable: "never",
  buckets: [],
  encode: (input, context) => {
    const { channelId, message } = input;
    refuseProblems("messages.send", [...problemsOfText("channelId", channelId), ...problemsOfText("message", message)]);
    return {
      params: { sessionId: sessionIdOf("messages.send", input, context) },
      body: { kind: "json", value: { channel_id: channelId, message } },
    };
  },
  decode: (response) => {
    const { status, details } = decodeBody("messages.send", sent, response);
    return { status, ...(details?.data === undefined ? {} : { reply: details.data }) };
  },
};

export type MessageOperations = { readonly send: typeof send };

export const messages: MessageOperations = { send };
