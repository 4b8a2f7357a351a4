import { setTimeout as pause } from "node:timers/promises";
import { type Cluster, Redis } from "ioredis";
import { kindOf, notOpen, storeFailure } from "./failure.js";
import type { StoreSettings } from "./options.js";
import { type ServerFacts, serverFacts } from "./server-facts.js";

/** Between attempts to connect: doubling. ASSUMED: soon back, and no storm. */
const leastReconnectMs = 50;
const mostReconnectMs = 500;

/** Between two attempts of one call. ASSUMED. */
const repeatPauseMs = 25;

export type Client = Redis | Cluster;

/** One atomic step, on the keys that it names: all of one slot. */
export interface Script {
  readonly name: string;
  readonly lua: string;
}

/** Tells whether an earlier attempt of the same call may have been carried out. */
type Attempt<T> = (client: Client, isRepeat: boolean) => Promise<T>;

/**
 * The connection. A call waits for a server that is away, for a bounded time, and is repeated when its answer was lost: so
 * every write must know itself again. Nothing waits in a queue of the client: what failed does not happen later.
 */
export class Server {
  readonly #settings: StoreSettings;
  #client: Client | undefined;
  #opening: Promise<void> | undefined;
  #facts: ServerFacts | undefined;
  #connectError: Error | undefined;
  /** One for all calls that wait. */
  #becomingReady: Promise<void> | undefined;

  constructor(settings: StoreSettings) {
    this.#settings = settings;
  }

  /** Of the last opening. */
  get facts(): ServerFacts | undefined {
    return this.#facts;
  }

  get isCluster(): boolean {
    return this.#client?.isCluster ?? false;
  }

  /** Does nothing when it is open or opening. After a failure it may be tried again. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      this.#disconnect();
      throw storeFailure(error);
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    this.#opening = undefined;
    this.#disconnect();
  }

  read<T>(run: Attempt<T>): Promise<T> {
    return this.#patiently(run, false);
  }

  write<T>(run: Attempt<T>): Promise<T> {
    return this.#patiently(run, true);
  }

  readScript(script: Script, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    return this.read((client) => evaluate(client, script, keys, values));
  }

  writeScript(script: Script, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    return this.write((client) => evaluate(client, script, keys, values));
  }

  async #open(): Promise<void> {
    this.#client = this.#settings.client ?? this.#connect();
    this.#facts = await this.#patiently((client) => serverFacts(client, this.#settings.logger), false);
  }

  #connect(): Redis {
    const { url, timeoutMs } = this.#settings;
    const client = new Redis(url as string, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      retryStrategy: (times) => Math.min(mostReconnectMs, leastReconnectMs * 2 ** Math.min(10, times - 1)),
      // After a failover the old primary only reads: connect anew. The call is repeated by us.
      reconnectOnError: (error) => error.message.startsWith("READONLY"),
    });
    // Whoever calls hears of it by the call that failed; an event without a listener would be printed.
    client.on("error", (error) => (this.#connectError = error));
    return client;
  }

  #disconnect(): void {
    if (!this.#settings.client) this.#client?.disconnect();
    this.#client = undefined;
  }

  async #patiently<T>(run: Attempt<T>, isWrite: boolean): Promise<T> {
    const client = this.#client;
    if (!client) throw notOpen();
    const untilMs = performance.now() + this.#settings.timeoutMs;
    let mayHaveHappened = false;
    for (;;) {
      try {
        await this.#ready(client, untilMs);
        return await before(untilMs, run(client, mayHaveHappened));
      } catch (error) {
        const kind = kindOf(error);
        mayHaveHappened ||= isWrite && kind === "lost";
        if (this.#client !== client) throw notOpen();
        const mayRepeat = (kind === "lost" || kind === "away") && performance.now() + repeatPauseMs < untilMs;
        if (!mayRepeat) throw storeFailure(error, mayHaveHappened);
      }
      await pause(repeatPauseMs);
    }
  }

  async #ready(client: Client, untilMs: number): Promise<void> {
    if (client.status === "ready") return;
    if (client.status === "wait") client.connect().catch((error: Error) => (this.#connectError = error));
    this.#becomingReady ??= becomesReady(client).finally(() => (this.#becomingReady = undefined));
    try {
      await before(untilMs, this.#becomingReady);
    } catch (error) {
      // Nothing was sent. Why there is no connection tells more than that there is none.
      if (this.#connectError && kindOf(this.#connectError) === "refused") throw this.#connectError;
      throw Object.assign(new Error("No connection.", { cause: error }), { code: "ECONNREFUSED" });
    }
  }
}

/** Rejects when the client will not connect any more. */
function becomesReady(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      client.off("ready", onReady);
      client.off("end", onEnd);
    };
    const onReady = (): void => {
      stop();
      resolve();
    };
    const onEnd = (): void => {
      stop();
      reject(new Error("Connection is closed."));
    };
    client.once("ready", onReady);
    client.once("end", onEnd);
  });
}

/** Sent by its digest; the whole text follows only when the server does not know it. */
export function evaluate(
  client: Client,
  { name, lua }: Script,
  keys: readonly string[],
  values: readonly (string | number)[],
): Promise<unknown> {
  const commands = client as unknown as Record<string, (...words: readonly (string | number)[]) => Promise<unknown>>;
  const command = `colloquyStore_${name}`;
  if (!(command in commands)) client.defineCommand(command, { lua });
  return (commands[command] as (...words: readonly (string | number)[]) => Promise<unknown>).call(
    client,
    keys.length,
    ...keys,
    ...values,
  );
}

async function before<T>(untilMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Command timed out")), Math.max(0, untilMs - performance.now()));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
