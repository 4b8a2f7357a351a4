import {
  type AnyProvider,
  type Connection,
  type ConnectionGoal,
  isColloquyError,
  type Learned,
  type ProviderEvent,
  type RemoteSignal,
} from "../../contract/index.js";
import type { SessionRecord } from "../../store/store.js";
import type { Exchanges } from "../exchanges.js";
import type { Runtime } from "../runtime.js";
import { Line, type LineEars } from "./line.js";
import { lineSecrets } from "./line-secrets.js";

/** The session that a line is held for. */
export interface LineOwner {
  readonly provider: AnyProvider;
  /** As it stands now. */
  record(): SessionRecord;
  readonly exchanges: Exchanges;
  signal(signal: RemoteSignal, generation: number): Promise<void>;
  keep(events: readonly ProviderEvent[]): Promise<unknown>;
  learn(learned: Learned): Promise<void>;
  /** Throws when another process runs the session: what a line learned is for that one to find out. */
  assertOwned(): void;
  /** Whoever waits for a line should look again. */
  lineChanged(): void;
}

/** Holds one session's line: at most one, the old one closed before another is opened. */
export class Connections {
  readonly #runtime: Runtime;
  readonly #owner: LineOwner;
  #line: Line | undefined;

  constructor(runtime: Runtime, owner: LineOwner) {
    this.#runtime = runtime;
    this.#owner = owner;
  }

  get isOffered(): boolean {
    return this.#owner.provider.facets.connect !== undefined;
  }

  /** Undefined while there is none, or none that stands yet. */
  get held(): Connection | undefined {
    return this.#line?.connection;
  }

  /** Lets a line that mends a break go on under a new opening. False: there is none. */
  carryOn(generation: number): boolean {
    if (!this.#line || this.held?.isMending !== true) return false;
    this.#line.generation = generation;
    return true;
  }

  /** Rejects with what `connect` rejects with, with `DEADLINE_EXCEEDED`, or with the signal's reason. */
  async open(generation: number, signal: AbortSignal, deadlineAtMs: number): Promise<void> {
    const { provider } = this.#owner;
    const facet = provider.facets.connect;
    if (!facet) return;
    await this.close("release");
    const { closeDeadlineMs } = provider.manifest.timings;
    const line = new Line(generation, await this.#ears(), closeDeadlineMs);
    this.#line = line;
    const { id: sessionId, remoteId = "", settings } = this.#owner.record();
    try {
      await line.make(facet, { sessionId, remoteId, settings }, signal, deadlineAtMs);
      this.#owner.lineChanged();
    } catch (error) {
      if (this.#line === line) this.#line = undefined;
      throw error;
    }
  }

  /** `generation`: which opening the last words of a line that is terminated count for. */
  async close(goal: ConnectionGoal, generation?: number): Promise<void> {
    const line = this.#line;
    if (!line) return;
    if (generation !== undefined) line.generation = generation;
    await line.close(goal, new DOMException(`The connection is closed: ${goal}.`, "AbortError"));
    if (this.#line === line) this.#line = undefined;
  }

  async #ears(): Promise<LineEars> {
    const { clock, random, store } = this.#runtime;
    const owner = this.#owner;
    return {
      clock,
      random,
      secrets: await lineSecrets(this.#runtime, owner.provider, owner.record().id),
      tell: (signal, generation) => {
        owner.signal(signal, generation).catch((error: unknown) => this.#report("tell", error));
      },
      keep: async (events) => void (await owner.keep(events)),
      learn: async (learned) => {
        owner.assertOwned();
        if (learned.secrets) await store.secrets.put(owner.record().id, learned.secrets);
        await owner.learn(learned);
      },
      call: async (operation, input, options) => {
        const result = await owner.exchanges.execute(operation, input, owner.record(), {
          ...options,
          priority: "urgent",
        });
        return result.value;
      },
    };
  }

  #report(where: string, error: unknown): void {
    const code = isColloquyError(error) ? error.code : "unexpected";
    if (code === "SESSION_TAKEN_OVER" || code === "SHUT_DOWN") return;
    this.#runtime.logger.log("error", "session.failure", { sessionId: this.#owner.record().id, where, code });
  }
}
