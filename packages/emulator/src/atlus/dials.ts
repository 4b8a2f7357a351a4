import { z } from "zod";
import { type CommonDials, commonDefaults, commonShape, count, ms, rate } from "../http/common-dials.js";

/** The routes that have a limit. */
export type AtlusRoute = "create" | "get" | "delete" | "continue" | "chat";

/** The weather of the emulated service. Every dial can be turned while it runs. Durations are milliseconds. */
export interface AtlusDials extends CommonDials {
  /** Who answers chats: a small model with a memory, or a person on the page or over the control API. Default "model". */
  answeredBy: "model" | "person";
  /** How long the model thinks about an answer. Default 0. */
  chatMs: number;
  /** Up to so much longer, at random. Default 0. */
  chatJitterMs: number;
  /** The language model is down: every answer is the same greeting, with 200, and the turn is kept. Default false. */
  modelOutage: boolean;
  /** Other limits than 50 (create, delete) and 100 (get, continue, chat) a minute. Default none. */
  limitsPerMinute: Partial<Record<AtlusRoute, number>>;
  /** What a throttled request meets: the page of a handler that failed, as the service does, or the 429 that was meant. Default "html500". */
  throttledAs: "html500" | "json429";
  /** Share of created sessions that are lost right after their 201, as in the service's race on a just-started server. Default 0. */
  lostSessionRate: number;
  /** After so many answered chats the service restarts, once; null for never. Default null. */
  restartAfterChats: number | null;
  /** What a restart finds of the session file: all of it, or invalid JSON, which drops every session. Default "kept". */
  sessionFile: "kept" | "invalid";
  /** Tokens are no longer accepted. Default false. */
  tokenRevoked: boolean;
}

export function defaultAtlusDials(): AtlusDials {
  return {
    answeredBy: "model",
    chatMs: 0,
    chatJitterMs: 0,
    modelOutage: false,
    limitsPerMinute: {},
    throttledAs: "html500",
    lostSessionRate: 0,
    restartAfterChats: null,
    sessionFile: "kept",
    tokenRevoked: false,
    ...commonDefaults(),
  };
}

const limit = z.number().int().min(1).optional();

export const atlusDialShape: Record<keyof AtlusDials, z.ZodType> = {
  ...commonShape,
  answeredBy: z.enum(["model", "person"]),
  chatMs: ms,
  chatJitterMs: ms,
  modelOutage: z.boolean(),
  limitsPerMinute: z.strictObject({ create: limit, get: limit, delete: limit, continue: limit, chat: limit }),
  throttledAs: z.enum(["html500", "json429"]),
  lostSessionRate: rate,
  restartAfterChats: count.nullable(),
  sessionFile: z.enum(["kept", "invalid"]),
  tokenRevoked: z.boolean(),
};
