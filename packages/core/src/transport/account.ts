import type { AnyOperation, AnyProvider, InstantMs, LimitRule, LimitScope, SessionId } from "../contract/index.js";
import { Bucket } from "./bucket.js";
import { Concurrency } from "./concurrency.js";
import type { BucketView, ExchangeSession } from "./exchange.js";
import type { Resource } from "./resource.js";
import { RoundTrip } from "./round-trip.js";
import { SharedBucket } from "./shared/shared-bucket.js";
import type { Sharing } from "./shared/sharing.js";
import { SleepingBuckets } from "./sleeping-buckets.js";

/** Sorts before every session id, so that calls on the whole account have a line of their own. */
const wholeAccount = "";

/** Answers over fresh connections say nothing of the way. ASSUMED: as many as are opened side by side for one session. */
const openingCount = 4;

/** What a session's limits depend on. */
export type OwnerSession = Pick<ExchangeSession, "id" | "settings" | "remoteId">;

/** What is known of the limits behind one provider instance: its buckets and how quick it answers. */
export class Account {
  readonly roundTrip: RoundTrip = new RoundTrip(openingCount);
  readonly #provider: AnyProvider;
  readonly #maxConcurrentPerSession: number;
  readonly #sharing: Sharing | undefined;
  readonly #buckets = new Map<string, Bucket>();
  readonly #asleep = new SleepingBuckets();
  readonly #concurrency = new Map<string, Concurrency>();

  /** `sharing`: other processes spend of the same limits, and share them. */
  constructor(provider: AnyProvider, maxConcurrentPerSession: number, sharing?: Sharing) {
    this.#provider = provider;
    this.#maxConcurrentPerSession = maxConcurrentPerSession;
    this.#sharing = sharing;
  }

  /** All that one request of this operation needs a permit of. */
  resourcesFor(operation: AnyOperation, session: ExchangeSession | undefined): readonly Resource[] {
    const resources: Resource[] = [this.#concurrencyOf(session?.id ?? wholeAccount, this.#maxConcurrentPerSession)];
    const { maxConcurrentPerSession } = operation;
    if (maxConcurrentPerSession !== undefined && session)
      resources.push(this.#concurrencyOf(ownPlacesKey(operation, session.id), maxConcurrentPerSession));
    for (const name of operation.buckets) this.#addBuckets(resources, name, session);
    // An operation without buckets is free until a refusal teaches that it has a limit after all.
    if (operation.buckets.length === 0)
      resources.push(this.#bucket(unnamedBucket(operation), "session", session, [], true));
    return resources;
  }

  recall(operation: AnyOperation, session: ExchangeSession, departures: readonly InstantMs[]): void {
    for (const resource of this.resourcesFor(operation, session))
      if (resource instanceof Bucket) resource.recall(departures);
  }

  /** `session`: its own buckets and the account's. Default: all. */
  views(session: OwnerSession | undefined, nowMs: number, queuedIn: (bucket: Bucket) => number): readonly BucketView[] {
    const limits = session ? (this.#provider.limits ?? this.#provider.manifest.limits) : [];
    const described = new Set(limits.map(({ bucket }) => bucket));
    // What sleeps, or was not needed yet, is made for the moment.
    for (const name of described) this.#addBuckets([], name, session);
    const views = [...this.#buckets.values()]
      .filter(({ isUntaught }) => !isUntaught)
      .filter(({ identity }) => identity.scope === "account" || !session || identity.sessionId === session.id)
      .map((bucket) => bucket.view(nowMs, queuedIn(bucket)));
    for (const name of described) this.#putToSleep(name, session?.id);
    return views;
  }

  forget(sessionId: SessionId): void {
    this.#asleep.forget(sessionId);
    this.#concurrency.delete(sessionId);
    for (const [key, bucket] of this.#buckets) {
      if (bucket.identity.scope !== "session" || bucket.identity.sessionId !== sessionId) continue;
      this.#drop(key, bucket);
    }
  }

  /** Lets go of what an idle session does not need: it is made again when it is. */
  release(operation: AnyOperation, sessionId: SessionId | undefined): void {
    for (const key of [sessionId ?? wholeAccount, ownPlacesKey(operation, sessionId)]) {
      const concurrency = this.#concurrency.get(key);
      if (concurrency && concurrency.inFlight === 0 && concurrency.lines === 0) this.#concurrency.delete(key);
    }
    for (const name of operation.buckets) this.#putToSleep(name, sessionId);
    if (operation.buckets.length > 0) return;
    const key = bucketKey(unnamedBucket(operation), "session", sessionId);
    const bucket = this.#buckets.get(key);
    if (bucket?.isUntaught) this.#drop(key, bucket);
  }

  #putToSleep(name: string, sessionId: SessionId | undefined): void {
    if (sessionId === undefined || this.#sharing) return;
    const key = bucketKey(name, "session", sessionId);
    const instants = this.#buckets.get(key)?.remembered;
    if (!instants) return;
    this.#buckets.delete(key);
    this.#asleep.put(name, sessionId, instants);
  }

  #drop(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    if (bucket instanceof SharedBucket) this.#sharing?.release(bucket);
  }

  #addBuckets(resources: Resource[], name: string, session: OwnerSession | undefined): void {
    const all = (this.#provider.limits ?? this.#provider.manifest.limits).filter(({ bucket }) => bucket === name);
    const scopes = new Set<LimitScope>(all.map(({ scope }) => scope));
    if (scopes.size === 0) scopes.add("session");
    for (const scope of scopes) {
      const rules = all.filter((rule) => rule.scope === scope && holds(rule, session));
      resources.push(this.#bucket(name, scope, scope === "account" ? undefined : session, rules));
    }
  }

  #bucket(
    name: string,
    scope: LimitScope,
    session: OwnerSession | undefined,
    rules: readonly LimitRule[],
    isOpen = false,
  ): Bucket {
    const key = bucketKey(name, scope, session?.id);
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      const identity = { name, scope, ...(session ? { sessionId: session.id } : {}) };
      bucket =
        this.#sharing?.bucket(this.#provider, identity, session?.remoteId, this.roundTrip, rules, isOpen) ??
        new Bucket(identity, this.roundTrip, rules, isOpen);
      if (scope === "session" && session) bucket.recall(this.#asleep.take(name, session.id));
      this.#buckets.set(key, bucket);
    } else bucket.expect(rules);
    return bucket;
  }

  #concurrencyOf(key: string, most: number): Concurrency {
    let concurrency = this.#concurrency.get(key);
    if (!concurrency) {
      concurrency = new Concurrency(most, this.roundTrip);
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

/** Beside a session's places those of one operation that has fewer. */
function ownPlacesKey({ name }: AnyOperation, sessionId: SessionId | undefined): string {
  return `${sessionId ?? wholeAccount}\u0000${name}`;
}

function bucketKey(name: string, scope: LimitScope, sessionId: SessionId | undefined): string {
  return scope === "account" ? `account\u0000${name}` : `session\u0000${sessionId ?? wholeAccount}\u0000${name}`;
}

function holds(rule: LimitRule, session: OwnerSession | undefined): boolean {
  if (!rule.when) return true;
  return Object.entries(rule.when).every(([setting, value]) => isEqualSetting(session?.settings[setting], value));
}

function isEqualSetting(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}
