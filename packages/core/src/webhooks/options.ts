import type { Clock } from "../clock.js";
import type { ReceiveFacet } from "../contract/index.js";
import type { Refusal } from "./refusal.js";
import type { WebhookEvent } from "./webhook-event.js";
import type { WebhookInbox } from "./webhook-inbox.js";
import type { WebhookSession } from "./webhook-session.js";

/** What the handler needs of a provider; every provider that can receive is one. */
export interface WebhookProvider {
  readonly id: string;
  readonly facets: { readonly receive?: ReceiveFacet };
}

export type WebhookSecret = string | readonly string[];

export interface WebhookHandlerOptions {
  /**
   * The session that the deliveries are for, or a function that finds it by the request, for one URL that serves many. Each
   * delivery is in its inbox before the answer. The function must not read the body. When it finds none, or throws
   * `SESSION_NOT_FOUND`, the answer is that of a forged delivery. Default: no session; see `inbox`.
   */
  readonly session?:
    | WebhookSession
    | ((request: Request) => WebhookSession | undefined | Promise<WebhookSession | undefined>);
  /** Without a session: where deliveries are kept. Default: `memoryInbox()`, which forgets when the process ends. */
  readonly inbox?: WebhookInbox;
  /**
   * What deliveries are signed with: one, several while one replaces the other, or a function that finds it. Empty texts count
   * as none. Default: what is stored with the session. When none is known, everything is refused.
   */
  readonly secret?:
    | WebhookSecret
    | ((request: Request) => WebhookSecret | undefined | Promise<WebhookSecret | undefined>)
    | undefined;
  /** Takes deliveries while no secret is known, from whoever sends them. A known secret is checked all the same. Default false. */
  readonly allowUnsigned?: boolean;
  /**
   * Called once for each new event, in order, one after the other per session, after the answer is on its way. What it returns
   * is awaited. When it fails, the event stays unhandled and comes again: with the first delivery that arrives `retryAfterMs`
   * later, with `catchUp()`, and, of a session, to readers of `events()`. So it may see an event again after a crash.
   */
  readonly onEvent?: (event: WebhookEvent) => unknown;
  /** Told what `onEvent` threw. What it throws itself is ignored. Default: nothing is told. */
  readonly onError?: (error: unknown, event: WebhookEvent) => void;
  /** Told of each delivery that was not taken, without its content. What it throws is ignored. */
  readonly onRefused?: (refusal: Refusal) => void;
  /**
   * Longest body, in bytes. Default 16 MiB: messages are a few kilobytes, as media come as links, but a phone that is linked
   * can tell of all its contacts at once. ASSUMED: no provider publishes a bound. More is never held in memory.
   */
  readonly maxBodyBytes?: number;
  /**
   * Refuses what was sent longer ago than this, or is dated further ahead, in milliseconds. Default: off, because a genuine
   * delivery that is late holds a message that nobody sends again, and a repeated one is recognised by its occurrence id
   * anyway. It helps where the inbox forgets, as `memoryInbox` does, and the signature covers the date. What has no date of
   * its own is taken.
   */
  readonly replayWindowMs?: number;
  /** How old an unhandled event must be before a later delivery has it handled again, in milliseconds. Default 60,000 (ASSUMED). */
  readonly retryAfterMs?: number;
  /** How many events may wait in memory for `onEvent`. Default 1,000 (ASSUMED). More wait in the session's inbox, or are refused. */
  readonly maxWaitingCount?: number;
  /** Keeps the platform from stopping while events are handled: `after` of Next, `waitUntil` of Vercel. See `WebhookHandler`. */
  readonly waitUntil?: (work: Promise<void>) => void;
  /** For tests. Default: the machine's. */
  readonly clock?: Clock;
}

/** What platforms hand over with a request: the `ctx` of Cloudflare, `c.executionCtx` of Hono. */
export interface RequestContext {
  waitUntil?(work: Promise<void>): void;
}

/**
 * Answers one delivery. Never throws. 200: stored, or a repetition of what is; nothing else is stored then. 401, 405, 413, 400
 * and 503: see `refusalStatus`. Answers have no body.
 */
export interface WebhookHandler {
  (request: Request, context?: RequestContext): Promise<Response>;
  /** Has `onEvent` handle what an earlier process left unhandled. Give the session when `session` is a function. */
  catchUp(session?: WebhookSession): Promise<void>;
  /** Resolves when nothing waits for `onEvent`. Await it before the process ends. */
  idle(): Promise<void>;
}
