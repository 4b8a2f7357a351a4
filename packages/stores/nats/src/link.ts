import { setTimeout as pause } from "node:timers/promises";
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { kindOf, notOpen, storeFailure } from "./failure.js";
import type { Settings } from "./options.js";

/** Between attempts to connect, and between two of one call. ASSUMED. */
const reconnectMs = 100;
const repeatPauseMs = 25;

/** A dead line is noticed after about two of these. */
const pingMs = 10_000;

export interface Tools {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
}

/** Tells whether an earlier attempt of the same call may have been carried out. */
type Attempt<T> = (tools: Tools, isRepeat: boolean) => Promise<T>;

/**
 * The connection. A call waits for a server that is away, for a bounded time, and is repeated when its answer was lost: so every
 * write must know itself again. A failure that says something about what was asked (`late`, `missing`) goes to the caller.
 */
export class Link {
  readonly #settings: Settings;
  #tools: Tools | undefined;
  #opening: Promise<void> | undefined;
  #isConnected = false;
  /** To be told when the connection comes or goes. */
  readonly #watchers = new Set<() => void>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Does nothing when it is open or opening. After a failure it may be tried again. */
  open(prepare: (tools: Tools) => Promise<void>): Promise<void> {
    this.#opening ??= this.#open(prepare).catch(async (error: unknown) => {
      this.#opening = undefined;
      await this.#disconnect();
      throw storeFailure(error);
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    this.#opening = undefined;
    await this.#disconnect();
  }

  read<T>(run: Attempt<T>): Promise<T> {
    return this.#patiently(run, false);
  }

  write<T>(run: Attempt<T>): Promise<T> {
    return this.#patiently(run, true);
  }

  async #open(prepare: (tools: Tools) => Promise<void>): Promise<void> {
    const untilMs = performance.now() + this.#settings.timeoutMs;
    const nc = this.#settings.connection ?? (await this.#connect(untilMs));
    const timeout = Math.min(this.#settings.timeoutMs, 2_000);
    const jsm = await jetstreamManager(nc, { timeout, checkAPI: false });
    this.#isConnected = true;
    this.#tools = { nc, jsm, js: jetstream(nc, { timeout }) };
    void this.#watch(nc);
    await this.#patiently(prepare, false);
  }

  /** Attempts of our own, because those of the client cannot be called off. */
  async #connect(untilMs: number): Promise<NatsConnection> {
    const { servers, login } = this.#settings;
    for (;;) {
      try {
        const leftMs = Math.max(1, untilMs - performance.now());
        return await connect({
          servers: [...servers],
          ...Object.fromEntries(Object.entries(login).filter(([, word]) => word !== undefined)),
          name: "colloquy",
          maxReconnectAttempts: -1,
          reconnectTimeWait: reconnectMs,
          pingInterval: pingMs,
          timeout: Math.ceil(leftMs),
        });
      } catch (error) {
        if (kindOf(error) === "refused" || performance.now() + reconnectMs >= untilMs) throw away(error);
      }
      await pause(reconnectMs);
    }
  }

  async #watch(nc: NatsConnection): Promise<void> {
    for await (const { type } of nc.status()) {
      if (type !== "disconnect" && type !== "reconnect" && type !== "close") continue;
      if (this.#tools?.nc !== nc) return;
      this.#isConnected = type === "reconnect";
      for (const watcher of this.#watchers) watcher();
    }
  }

  async #disconnect(): Promise<void> {
    const nc = this.#tools?.nc;
    this.#tools = undefined;
    this.#isConnected = false;
    for (const watcher of this.#watchers) watcher();
    if (!this.#settings.connection) await nc?.close();
  }

  async #patiently<T>(run: Attempt<T>, isWrite: boolean): Promise<T> {
    const tools = this.#tools;
    if (!tools) throw notOpen();
    const untilMs = performance.now() + this.#settings.timeoutMs;
    let mayHaveHappened = false;
    for (;;) {
      try {
        if (!this.#isConnected) await this.#reconnected(untilMs);
        if (this.#isConnected) return await this.#answered(untilMs, run(tools, mayHaveHappened));
      } catch (error) {
        const kind = kindOf(error);
        mayHaveHappened ||= isWrite && kind === "lost";
        if (this.#tools !== tools) throw notOpen();
        if (kind === "late" || kind === "missing") throw error;
        const mayRepeat = (kind === "lost" || kind === "away") && performance.now() + repeatPauseMs < untilMs;
        if (!mayRepeat) throw storeFailure(error, mayHaveHappened);
      }
      if (this.#tools !== tools) throw notOpen();
      await pause(repeatPauseMs);
    }
  }

  /** Resolves when the connection changes; the caller looks how. */
  async #reconnected(untilMs: number): Promise<void> {
    await this.#watched(untilMs, away, (resolve) => resolve(undefined), new Promise<never>(() => {}));
  }

  /** Nothing is heard any more of what was sent when the connection goes. */
  async #answered<T>(untilMs: number, promise: Promise<T>): Promise<T> {
    return (await this.#watched(untilMs, lost, (_resolve, reject) => reject(lost()), promise)) as T;
  }

  async #watched<T>(
    untilMs: number,
    late: () => Error,
    onChange: (resolve: (value: undefined) => void, reject: (error: Error) => void) => void,
    promise: Promise<T>,
  ): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    let watcher = (): void => {};
    const other = new Promise<undefined>((resolve, reject) => {
      timer = setTimeout(() => reject(late()), Math.max(0, untilMs - performance.now()));
      watcher = () => onChange(resolve, reject);
      this.#watchers.add(watcher);
    });
    try {
      return await Promise.race([promise, other]);
    } finally {
      clearTimeout(timer);
      this.#watchers.delete(watcher);
    }
  }
}

function lost(): Error {
  return Object.assign(new Error("No answer."), { name: "TimeoutError" });
}

function away(error?: unknown): Error {
  if (error instanceof Error && kindOf(error) === "refused") return error;
  return Object.assign(new Error("No connection.", { cause: error }), { code: "ECONNREFUSED" });
}
