import { type KV, Kvm } from "@nats-io/kv";
import { kindOf, storeFailure } from "./failure.js";
import type { Link, Tools } from "./link.js";
import { tokenOf } from "./names.js";

/** Entries of a key that stay readable: a writer still has to read its own when others wrote after it. ASSUMED: many at once. */
const historyCount = 32;

/** No key that `tokenOf` makes. */
const clockKey = "clock/now";

/** One step on a state at an instant of the server's clock. It must come to the same wherever it is carried out. */
export type Step<State, Call, Result> = (
  state: State | undefined,
  call: Call,
  nowMs: number,
) => { readonly state: State; readonly result: Result };

/** An entry: the state before the call, and the call. The server says when it was stored, and so when it happened. */
interface Entry<State, Call> {
  readonly state?: State;
  readonly call: Call;
  /** No step is earlier than the one before it, also when another server has become the leader. */
  readonly beforeMs: number;
}

/**
 * States that change by the server's clock. Nobody knows that clock before it wrote: so what is written is the call itself, and
 * the instant of the entry says what it came to, for whoever reads it. Each step is one compare-and-set; the clocks of the
 * processes play no part.
 */
export class Cells<State, Call, Result> {
  readonly #link: Link;
  readonly #bucket: string;
  readonly #options: { readonly replicas: number; readonly ttlMs?: number };
  readonly #step: Step<State, Call, Result>;
  #opened: { readonly tools: Tools; readonly kv: Promise<KV> } | undefined;

  constructor(
    link: Link,
    bucket: string,
    options: { readonly replicas: number; readonly ttlMs?: number },
    step: Step<State, Call, Result>,
  ) {
    this.#link = link;
    this.#bucket = bucket;
    this.#options = options;
    this.#step = step;
  }

  /** Makes the bucket unless it is there. */
  async prepare(tools: Tools): Promise<void> {
    await this.#open(tools);
  }

  /**
   * Carries the call out on the state of the key as it is then. It is read each time: a bucket that was removed and made anew
   * counts its revisions anew, and one that was remembered could be one of another state.
   */
  async take(key: string, call: Call): Promise<Result> {
    const name = tokenOf(key);
    for (;;) {
      const before = await this.#withBucket((kv) => kv.get(name));
      const known = before ? this.#outcome(before.json<Entry<State, Call>>(), before.created) : undefined;
      const entry: Entry<State, Call> = {
        ...(known ? { state: known.state } : {}),
        call,
        beforeMs: known?.atMs ?? 0,
      };
      const revision = await this.#write(name, entry, before?.revision ?? 0);
      if (revision === undefined) continue;
      const stored = await this.#withBucket((kv) => kv.get(name, { revision }));
      // So many others wrote since, or the bucket is gone: what came of it is not known.
      if (!stored) throw storeFailure(new Error("The entry is gone."), true);
      return this.#outcome(entry, stored.created).result;
    }
  }

  /** The server's clock, which only a write tells. */
  async now(): Promise<number> {
    const revision = await this.#withBucket((kv) => kv.put(clockKey, ""));
    const stored = await this.#withBucket((kv) => kv.get(clockKey, { revision }));
    if (!stored) throw storeFailure(new Error("The entry is gone."), true);
    return stored.created.getTime();
  }

  /** What the call would come to at an instant that `now` told, without writing: for calls that change nothing. */
  async look(key: string, call: Call, nowMs: number): Promise<Result> {
    const before = await this.#withBucket((kv) => kv.get(tokenOf(key)));
    const known = before ? this.#outcome(before.json<Entry<State, Call>>(), before.created) : undefined;
    return this.#step(known?.state, call, Math.max(nowMs, known?.atMs ?? 0)).result;
  }

  #outcome(
    entry: Entry<State, Call>,
    created: Date,
  ): ReturnType<Step<State, Call, Result>> & { readonly atMs: number } {
    const atMs = Math.max(created.getTime(), entry.beforeMs);
    return { ...this.#step(entry.state, entry.call, atMs), atMs };
  }

  async #write(name: string, entry: Entry<State, Call>, after: number): Promise<number | undefined> {
    const text = JSON.stringify(entry);
    try {
      return await this.#withBucket((kv) => kv.put(name, text, { previousSeq: after }));
    } catch (error) {
      if (kindOf(error) === "late") return undefined;
      throw error;
    }
  }

  /** Somebody may have removed the bucket: then it begins anew. */
  #withBucket<T>(run: (kv: KV) => Promise<T>): Promise<T> {
    return this.#link.write(async (tools) => {
      try {
        return await run(await this.#kv(tools));
      } catch (error) {
        // Nobody answers for a bucket that is gone, as for a server without JetStream.
        if (kindOf(error) !== "missing" && kindOf(error) !== "away") throw error;
        this.#opened = undefined;
        return run(await this.#kv(tools));
      }
    });
  }

  #kv(tools: Tools): Promise<KV> {
    if (this.#opened?.tools !== tools) {
      const kv = this.#open(tools);
      kv.catch(() => (this.#opened = undefined));
      this.#opened = { tools, kv };
    }
    return this.#opened.kv;
  }

  #open({ js }: Tools): Promise<KV> {
    const { replicas, ttlMs } = this.#options;
    return new Kvm(js).create(this.#bucket, {
      history: historyCount,
      replicas,
      ...(ttlMs === undefined ? {} : { ttl: ttlMs }),
      // A copy of the stream may be behind its leader.
      allow_direct: false,
    });
  }
}
