import type { AnyOperation, AnyProvider, InstantMs, LimitRule, LimitScope, SessionId } from "../contract/index.js";
import { Bucket } from "./bucket.js";
import { Concurrency } from "./concurrency.js";
import type { BucketView, ExchangeSession } from "./exchange.js";
import type { Resource } from "./resource.js";
import { RoundTrip } from "./round-trip.js";

/** Sorts before every session id, so that calls on the whole account have a line of their own. */
const wholeAccount = "";

/** Answers over fresh connections say nothing of the way. ASSUMED: as many as are opened side by side for one session. */
const openingCount = 4;

/** What is known of the limits behind one provider instance: its buckets and how quick it answers. */
export class Account {
  readonly roundTrip: RoundTrip = new RoundTrip(openingCount);
  readonly #provider: AnyProvider;
  readonly #maxConcurrentPerSession: number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #concurrency = new Map<string, Concurrency>();

  constructor(provider: AnyProvider, maxConcurrentPerSession: number) {
    this.#provider = provider;
    this.#maxConcurrentPerSession = maxConcurrentPerSession;
  }

  /** All that one request of this operation needs a permit of. */
  resourcesFor(operation: AnyOperation, session: ExchangeSession | undefined): readonly Resource[] {
    const resources: Resource[] = [this.#concurrencyOf(session?.id)];
    for (const name of operation.buckets) this.#addBuckets(resources, name, session);
    // An operation without buckets is free until a refusal teaches that it has a limit after all.
    if (operation.buckets.length === 0)
      resources.push(this.#bucket(unnamedBucket(operation), "session", session?.id, [], true));
    return resources;
  }

  recall(operation: AnyOperation, session: ExchangeSession, departures: readonly InstantMs[]): void {
    for (const resource of this.resourcesFor(operation, session))
      if (resource instanceof Bucket) resource.recall(departures);
  }

  views(sessionId: SessionId | undefined, nowMs: number, queuedIn: (bucket: Bucket) => number): readonly BucketView[] {
    return [...this.#buckets.values()]
      .filter(({ isUntaught }) => !isUntaught)
      .filter(
        ({ identity }) => identity.scope === "account" || sessionId === undefined || identity.sessionId === sessionId,
      )
      .map((bucket) => bucket.view(nowMs, queuedIn(bucket)));
  }

  forget(sessionId: SessionId): void {
    this.#concurrency.delete(sessionId);
    for (const [key, { identity }] of this.#buckets)
      if (identity.scope === "session" && identity.sessionId === sessionId) this.#buckets.delete(key);
  }

  /** Lets go of what an idle session does not need: it is made again when it is. */
  release(operation: AnyOperation, sessionId: SessionId | undefined): void {
    const concurrency = this.#concurrency.get(sessionId ?? wholeAccount);
    if (concurrency && concurrency.inFlight === 0 && !concurrency.waiting)
      this.#concurrency.delete(sessionId ?? wholeAccount);
    if (operation.buckets.length > 0) return;
    const key = bucketKey(unnamedBucket(operation), "session", sessionId);
    if (this.#buckets.get(key)?.isUntaught) this.#buckets.delete(key);
  }

  #addBuckets(resources: Resource[], name: string, session: ExchangeSession | undefined): void {
    const all = (this.#provider.limits ?? this.#provider.manifest.limits).filter(({ bucket }) => bucket === name);
    const scopes = new Set<LimitScope>(all.map(({ scope }) => scope));
    if (scopes.size === 0) scopes.add("session");
    for (const scope of scopes) {
      const rules = all.filter((rule) => rule.scope === scope && holds(rule, session));
      resources.push(this.#bucket(name, scope, scope === "account" ? undefined : session?.id, rules));
    }
  }

  #bucket(
    name: string,
    scope: LimitScope,
    sessionId: SessionId | undefined,
    rules: readonly LimitRule[],
    isOpen = false,
  ): Bucket {
    const key = bucketKey(name, scope, sessionId);
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = new Bucket(
        { name, scope, ...(sessionId === undefined ? {} : { sessionId }) },
        this.roundTrip,
        rules,
        isOpen,
      );
      this.#buckets.set(key, bucket);
    } else bucket.expect(rules);
    return bucket;
  }

  #concurrencyOf(sessionId: SessionId | undefined): Concurrency {
    const key = sessionId ?? wholeAccount;
    let concurrency = this.#concurrency.get(key);
    if (!concurrency) {
      concurrency = new Concurrency(this.#maxConcurrentPerSession, this.roundTrip);
      this.#concurrency.set(key, concurrency);
    }
    return concurrency;
  }
}

/** Requests of one session that spend the same buckets stand in one line. */
export function lineKeyOf(accountKey: string, operation: AnyOperation, session: ExchangeSession | undefined): string {
  const spends = operation.buckets.length === 0 ? unnamedBucket(operation) : operation.buckets.join("\u0001");
  return `${accountKey}\u0000${session?.id ?? wholeAccount}\u0000${spends}`;
}

function unnamedBucket(operation: AnyOperation): string {
  return `operation:${operation.name}`;
}

function bucketKey(name: string, scope: LimitScope, sessionId: SessionId | undefined): string {
  return scope === "account" ? `account\u0000${name}` : `session\u0000${sessionId ?? wholeAccount}\u0000${name}`;
}

function holds(rule: LimitRule, session: ExchangeSession | undefined): boolean {
  if (!rule.when) return true;
  return Object.entries(rule.when).every(([setting, value]) => isEqualSetting(session?.settings[setting], value));
}

function isEqualSetting(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}
