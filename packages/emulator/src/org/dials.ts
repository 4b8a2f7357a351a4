import { z } from "zod";
import { type CommonDials, commonDefaults, commonShape, ms } from "../http/common-dials.js";

/** Which server answers: one that does what the client's documentation says, the real one repaired, or the real one. */
export type OrgDialect = "as-documented" | "repaired" | "as-shipped";

/** What the human does with a question: waits for a person on the page, or answers by itself. */
export type HumanPolicy = "person" | "immediately" | "later" | "never" | "invalid" | "twice";

/** What the human's endpoint answers when a question arrives. Only the first three let the send succeed. */
export type HumanReply = "json" | "accepted" | "empty" | "plain_text" | "no_content" | "error" | "slow";

/** The weather of the emulated servers. Every dial can be turned while they run. Durations are milliseconds. */
export interface OrgDials extends CommonDials {
  /** Which server answers. Default "as-documented". */
  dialect: OrgDialect;
  /** What the human behind a channel does, unless the channel has a policy of its own. Default "person". */
  humanPolicy: HumanPolicy;
  /** What the human answers by itself. Default `{ "decision": "approved" }`. */
  answer: Record<string, unknown>;
  /** How long "later" waits, and "twice" between its answers. Default 1,000. */
  answerAfterMs: number;
  /** Up to so much longer, at random. Default 0. */
  answerJitterMs: number;
  /** What the human's endpoint says to a question, which reaches the human all the same. Default "json". */
  humanReply: HumanReply;
  /** To which server the human is told to answer: to the one that takes answers, or to the other, which knows no such route. Default "channels". */
  responseUrl: "channels" | "sessions";
  /** Publishing fails, after the answer was stored. Default false. */
  publishFails: boolean;
}

export function defaultOrgDials(): OrgDials {
  return {
    dialect: "as-documented",
    humanPolicy: "person",
    answer: { decision: "approved" },
    answerAfterMs: 1_000,
    answerJitterMs: 0,
    humanReply: "json",
    responseUrl: "channels",
    publishFails: false,
    ...commonDefaults(),
  };
}

export const humanPolicy: z.ZodType<HumanPolicy> = z.enum([
  "person",
  "immediately",
  "later",
  "never",
  "invalid",
  "twice",
]);

export const orgDialShape: Record<keyof OrgDials, z.ZodType> = {
  ...commonShape,
  dialect: z.enum(["as-documented", "repaired", "as-shipped"]),
  humanPolicy,
  answer: z.record(z.string(), z.unknown()),
  answerAfterMs: ms,
  answerJitterMs: ms,
  humanReply: z.enum(["json", "accepted", "empty", "plain_text", "no_content", "error", "slow"]),
  responseUrl: z.enum(["channels", "sessions"]),
  publishFails: z.boolean(),
};
