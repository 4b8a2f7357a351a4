import type { ConversationQuery, MergeOptions, TranscriptObject, TurnOptions } from "@colloquy/core";
import type { ImportPolicy } from "../files/import-file.js";
import type { ChatLines } from "./chat.js";
import type { SessionSummary } from "./session-data.js";

export interface CreateSession {
  /** Default: `Chat Session` and the minute, in UTC. */
  readonly title?: string;
  /** Told to the model at the start of every turn; the key `system` as it is, others as facts. */
  readonly initialContext?: TranscriptObject;
  readonly metadata?: TranscriptObject;
}

export interface ListSessions {
  /** Default 50. */
  readonly limit?: number;
  /** All must be equal; `null` is found where there is no such key. */
  readonly filterMetadata?: TranscriptObject;
  /** Conditions of every kind: ranges, beginnings, one of several. All must hold. */
  readonly where?: ConversationQuery["where"];
  /** The cursor of the page before. */
  readonly after?: string;
}

export interface SessionPage {
  readonly sessions: readonly SessionSummary[];
  /** Give it back as `after`; absent on the last page. */
  readonly cursor?: string;
}

export interface UseImmediately {
  /** Makes it the current session of this scope. Default false. */
  readonly useImmediately?: boolean;
}

export interface ImportSession extends UseImmediately {
  /** Always a fresh id. Default false. */
  readonly newId?: boolean;
  /** When the id is taken. Default `fail`: nothing is ever overwritten without a word. */
  readonly policy?: Exclude<ImportPolicy, "new_id">;
}

export interface CopySession extends UseImmediately {
  /** Default: `Copy of` and the title. */
  readonly newTitle?: string;
  /** Only up to this message, by its id. Default: all of it. */
  readonly untilMessageId?: string;
}

export interface MergeSessions extends UseImmediately, MergeOptions {
  /** Default: `Merged Session` and the minute, in UTC. */
  readonly title?: string;
}

export interface MergedSession {
  readonly sessionId: string;
  /** Asked for and not there. */
  readonly missing: readonly string[];
  /** Left out, as another source had the same message. */
  readonly duplicateCount: number;
}

export interface ExecuteOptions
  extends Pick<
    TurnOptions,
    | "requestId"
    | "modelId"
    | "temperature"
    | "maxTokens"
    | "stop"
    | "tools"
    | "extra"
    | "stream"
    | "tokenBudget"
    | "oversize"
    | "signal"
    | "timeoutMs"
  > {
  readonly prompt: string;
  /** For this call alone. Default: the current session of this scope; without one a new session. */
  readonly sessionId?: string;
  readonly chat?: false;
}

export interface ChatOptions extends Omit<ExecuteOptions, "prompt" | "requestId" | "chat"> {
  /** The first prompt. Default: what the person says first. */
  readonly prompt?: string;
  /** True: the terminal. */
  readonly chat: true | ChatLines;
}

export interface SearchSessions {
  /** Default 50. */
  readonly limit?: number;
}

export interface FoundSession extends SessionSummary {
  readonly matchType: "title" | "content";
  /** A passage around the first word found. */
  readonly snippet: string;
}
