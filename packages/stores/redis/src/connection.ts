import { type Cluster, Redis } from "ioredis";
import { exchangeScript } from "./exchange-script.js";
import type { Settings } from "./options.js";

/** Between attempts to connect: doubling. ASSUMED: soon back, and no storm. */
const leastReconnectMs = 50;
const mostReconnectMs = 500;

const commandName = "colloquyExchange";

/** One connection, made at the first call. While it is down, calls fail at once: nothing waits in a queue of its own. */
export class Connection {
  readonly #client: Redis | Cluster;
  readonly #isOwn: boolean;
  #opening: Promise<void> | undefined;

  constructor({ url, client, commandTimeoutMs }: Settings) {
    this.#isOwn = client === undefined;
    this.#client =
      client ??
      new Redis(url as string, {
        lazyConnect: true,
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        commandTimeout: commandTimeoutMs,
        connectTimeout: 2_000,
        retryStrategy: (times) => Math.min(mostReconnectMs, leastReconnectMs * 2 ** Math.min(10, times - 1)),
        // After a failover the old primary only reads: connect anew, and ask again.
        reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 2 : false),
      });
    // Whoever calls hears of it by the call that failed; an event without a listener would be printed.
    if (this.#isOwn) this.#client.on("error", () => {});
    // Sent by its digest; the whole text follows only when the server does not know it.
    this.#client.defineCommand(commandName, { numberOfKeys: 1, lua: exchangeScript });
  }

  async exchange(key: string, call: string): Promise<string> {
    if (this.#isOwn && this.#client.status === "wait") this.#opening ??= (this.#client as Redis).connect();
    // Only the first attempt is waited for: later ones are made in the background.
    if (this.#opening) await this.#opening.finally(() => (this.#opening = undefined));
    const run = (this.#client as unknown as Record<string, (key: string, call: string) => Promise<string>>)[
      commandName
    ];
    return (run as NonNullable<typeof run>).call(this.#client, key, call);
  }

  close(): void {
    if (this.#isOwn) this.#client.disconnect();
  }
}
