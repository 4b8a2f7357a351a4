import type { InstantMs, SessionId } from "../contract/index.js";

/**
 * What idle buckets must remember: when the requests were counted that their windows still hold. A session that sends now and
 * then needs no more between two sends, and there may be a hundred thousand such sessions.
 */
export class SleepingBuckets {
  /** By bucket name, then by session: the session's id is a string that exists anyway. One instant alone needs no list. */
  readonly #names = new Map<string, Map<SessionId, InstantMs | readonly InstantMs[]>>();

  put(name: string, sessionId: SessionId, instants: readonly InstantMs[]): void {
    if (instants.length === 0) return;
    let sessions = this.#names.get(name);
    if (!sessions) {
      sessions = new Map();
      this.#names.set(name, sessions);
    }
    const [first] = instants;
    sessions.set(sessionId, first !== undefined && instants.length === 1 ? first : instants);
  }

  /** What the bucket remembers, which it does no longer then. */
  take(name: string, sessionId: SessionId): readonly InstantMs[] {
    const sessions = this.#names.get(name);
    const found = sessions?.get(sessionId);
    if (found === undefined) return [];
    sessions?.delete(sessionId);
    return typeof found === "number" ? [found] : found;
  }

  forget(sessionId: SessionId): void {
    for (const sessions of this.#names.values()) sessions.delete(sessionId);
  }
}
