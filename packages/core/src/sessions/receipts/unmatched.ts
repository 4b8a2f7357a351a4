import { Cancellation } from "../../cancellation.js";
import { sleep } from "../../clock.js";
import { isColloquyError, type MessageId, type SessionId } from "../../contract/index.js";
import type { OutboxDelivery, OutboxRow } from "../../store/store.js";
import type { Runtime } from "../runtime.js";
import { laterOf } from "./receipt.js";

// ASSUMED, all of them: bounds on what keys that are not ours, such as of messages written on the phone, can cost.
const mostKeys = 1_000;
const mostCandidates = 1_000;
const oldestCandidateMs = 48 * 3_600_000;
const mostAttempts = 3;
const pauseAfterNothingMs = 1_000;

/**
 * Statuses of keys that no stored message has. They may be of a message whose key was never asked for, so the newest ones
 * without a key are asked about, each until it told its key and at most three times; or they are of messages that somebody
 * wrote on the phone, and stay strangers.
 */
export class Unmatched {
  readonly #runtime: Runtime;
  readonly #sessionId: () => SessionId;
  readonly #lookUp: (row: OutboxRow) => Promise<boolean>;
  readonly #heard = new Map<string, OutboxDelivery>();
  readonly #attempts = new Map<MessageId, number>();
  readonly #stop = new Cancellation();
  #isRunning = false;
  #isAskedAgain = false;
  #quietUntilMs = 0;

  /** `lookUp` answers true when the message has its key from now on. */
  constructor(runtime: Runtime, sessionId: () => SessionId, lookUp: (row: OutboxRow) => Promise<boolean>) {
    this.#runtime = runtime;
    this.#sessionId = sessionId;
    this.#lookUp = lookUp;
  }

  /** The search under way; undefined when nobody is being asked. */
  search: Promise<void> | undefined;

  meet(messageKey: string, heard: OutboxDelivery): void {
    this.#heard.set(messageKey, laterOf(heard, this.#heard.get(messageKey)) ?? heard);
    const oldest = this.#heard.size > mostKeys ? this.#heard.keys().next().value : undefined;
    if (oldest !== undefined) this.#heard.delete(oldest);
    this.#isAskedAgain = true;
    if (!this.#isRunning) void this.#run();
  }

  /** What was heard under a key that turns out to be ours. */
  recognise(messageKey: string): OutboxDelivery | undefined {
    const heard = this.#heard.get(messageKey);
    this.#heard.delete(messageKey);
    return heard;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isAskedAgain && !this.#stop.aborted) {
      const { clock } = this.#runtime;
      const quietMs = this.#quietUntilMs - clock.now();
      if (quietMs > 0) await sleep(clock, quietMs, this.#stop).catch(() => {});
      this.#isAskedAgain = false;
      this.search = this.#seek();
      await this.search;
      this.search = undefined;
    }
    this.#isRunning = false;
  }

  async #seek(): Promise<void> {
    try {
      const candidates = await this.#candidates();
      if (candidates.length === 0) this.#quietUntilMs = this.#runtime.clock.now() + pauseAfterNothingMs;
      for (const row of candidates) {
        if (this.#heard.size === 0 || this.#stop.aborted) return;
        this.#attempts.set(row.id, (this.#attempts.get(row.id) ?? 0) + 1);
        if (await this.#lookUp(row)) this.#attempts.delete(row.id);
      }
    } catch (error) {
      const code = isColloquyError(error) ? error.code : "unexpected";
      this.#runtime.logger.log("warn", "receipt.search_failed", { sessionId: this.#sessionId(), code });
    }
  }

  /** Newest first: what is told now is most likely about what left just now. */
  async #candidates(): Promise<readonly OutboxRow[]> {
    const { outbox } = this.#runtime.store;
    const counts = await outbox.count(this.#sessionId());
    // Rows are numbered without gaps, so that their count is the number of the newest.
    const newest = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const rows = await outbox.list(this.#sessionId(), {
      states: ["sent"],
      afterSeq: Math.max(0, newest - mostCandidates),
      limit: mostCandidates,
    });
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of this.#attempts.keys()) if (!ids.has(id)) this.#attempts.delete(id);
    const sinceMs = this.#runtime.clock.now() - oldestCandidateMs;
    return rows
      .filter(({ id, messageKey, settledAtMs = 0 }) => {
        const isWorthAsking = (this.#attempts.get(id) ?? 0) < mostAttempts;
        return messageKey === undefined && settledAtMs >= sinceMs && isWorthAsking;
      })
      .toReversed();
  }
}
