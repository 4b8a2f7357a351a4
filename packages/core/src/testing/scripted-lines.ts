import type {
  ConnectFacet,
  Connection,
  ConnectionGoal,
  ConnectionTools,
  RemoteSignal,
  SessionContext,
} from "../contract/index.js";
import { createDeferred } from "../sessions/deferred.js";

/** What callers get of a scripted line. */
export interface ScriptedSurface {
  /** From 1, over all sessions. */
  readonly number: number;
  readonly remoteId: string;
}

/** One line that was made, from the far side. */
export interface ScriptedLine extends ScriptedSurface {
  readonly tools: ConnectionTools;
  readonly isOpen: boolean;
  /** What core wanted when it closed the line. */
  readonly closedFor?: ConnectionGoal;
  isMending: boolean;
  /** Tells the lifecycle a word, whether or not anybody still listens. */
  say(word: string, more?: Partial<RemoteSignal>): void;
}

export interface ScriptedLinesOptions {
  /** Told by each line as soon as it stands. Default: nothing. */
  readonly says?: string;
}

/** Lines without a network: a test makes them hang, fail, speak and break, and sees what core does with them. */
export class ScriptedLines {
  /** Every line that was made, in order. */
  readonly made: ScriptedLine[] = [];
  /** How often core asked for a line. */
  attemptCount = 0;
  /** Most lines that were being made or open at one time, for one session. */
  mostAtOnce = 0;
  readonly facet: ConnectFacet<ScriptedSurface>;
  readonly #says: string | undefined;
  readonly #busy = new Map<string, number>();
  readonly #refusals: Error[] = [];
  #gate = createDeferred<void>();
  #closeGate = createDeferred<void>();

  constructor({ says }: ScriptedLinesOptions = {}) {
    this.#says = says;
    this.#gate.resolve();
    this.#closeGate.resolve();
    this.facet = { connect: (context, tools) => this.#connect(context, tools) };
  }

  /** The open line of a session, by the provider's id. Throws a `TypeError` when there is none. */
  open(remoteId: string): ScriptedLine {
    const line = this.made.findLast((one) => one.remoteId === remoteId && one.isOpen);
    if (line) return line;
    throw new TypeError(`Session ${remoteId} has no line.`);
  }

  openCount(remoteId?: string): number {
    return this.made.filter((line) => line.isOpen && (remoteId === undefined || line.remoteId === remoteId)).length;
  }

  /** The next attempts fail with these, in order. */
  refuse(...errors: readonly Error[]): void {
    this.#refusals.push(...errors);
  }

  /** From now on lines hang while they are made, deaf to their signal, until `release`. */
  hold(): void {
    this.#gate = createDeferred();
  }

  /** From now on lines hang while they are closed, until `release`. */
  holdClosing(): void {
    this.#closeGate = createDeferred();
  }

  release(): void {
    this.#gate.resolve();
    this.#closeGate.resolve();
  }

  async #connect({ remoteId }: SessionContext, tools: ConnectionTools): Promise<Connection<ScriptedSurface>> {
    tools.signal.throwIfAborted();
    this.attemptCount++;
    this.#count(remoteId, 1);
    try {
      await this.#gate.promise;
      const refusal = this.#refusals.shift();
      if (refusal) throw refusal;
    } catch (error) {
      this.#count(remoteId, -1);
      throw error;
    }
    return this.#stand(remoteId, tools);
  }

  #stand(remoteId: string, tools: ConnectionTools): Connection<ScriptedSurface> {
    const state = { isOpen: true, isMending: false, closedFor: undefined as ConnectionGoal | undefined };
    const line = {
      number: this.made.length + 1,
      remoteId,
      tools,
      get isOpen() {
        return state.isOpen;
      },
      get closedFor() {
        return state.closedFor;
      },
      get isMending() {
        return state.isMending;
      },
      set isMending(isMending) {
        state.isMending = isMending;
      },
      say: (word, more) => tools.tell({ source: "connection", word, ...more }),
    } as ScriptedLine;
    this.made.push(line);
    if (this.#says !== undefined) line.say(this.#says);
    return {
      surface: { number: line.number, remoteId },
      get isMending() {
        return state.isMending;
      },
      close: async (goal) => {
        if (!state.isOpen) return;
        state.closedFor ??= goal;
        await this.#closeGate.promise;
        if (!state.isOpen) return;
        state.isOpen = false;
        this.#count(remoteId, -1);
      },
    };
  }

  #count(remoteId: string, by: number): void {
    const count = (this.#busy.get(remoteId) ?? 0) + by;
    this.#busy.set(remoteId, count);
    this.mostAtOnce = Math.max(this.mostAtOnce, count);
  }
}
