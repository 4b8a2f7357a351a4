import type { Clock } from "@colloquy/core/contract";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { natsFailure } from "./failure.js";
import { connectionOptions, type NatsAccess } from "./servers.js";

/** `up`: connected. `down`: lost, and being mended. */
export type LineStatus = "up" | "down";

export interface LineTools {
  readonly clock: Clock;
  readonly random: () => number;
}

/** One user of the line. */
export interface LineUse {
  /** Resolves when there is a connection; rejects for a login that is refused, and when the use ends first. */
  ready(): Promise<NatsConnection>;
  readonly status: LineStatus;
  /** Ends the use. The last one drains the connection; resolves when it is closed. */
  release(): Promise<void>;
}

/** ASSUMED: between tries to connect for the first time, growing from the first to the second. */
const firstRetryMs = 250;
const lastRetryMs = 5_000;

/**
 * One connection for everybody who uses it: made for the first, drained after the last. While there has been none yet it is tried
 * for as long as somebody wants it; once made, the client mends it by itself.
 */
export class NatsLine {
  readonly #access: NatsAccess;
  readonly #name: string;
  readonly #ears = new Set<(status: LineStatus) => void>();
  #status: LineStatus = "down";
  #current: Dialling | undefined;

  constructor(access: NatsAccess, name: string) {
    this.#access = access;
    this.#name = name;
  }

  /** How many use it now. */
  get useCount(): number {
    return this.#ears.size;
  }

  /** `onStatus` is told of each change. */
  use(tools: LineTools, onStatus: (status: LineStatus) => void): LineUse {
    this.#current ??= this.#dial(tools);
    // Its own function for each use, as two may hand in the same one.
    const ear = (status: LineStatus): void => onStatus(status);
    this.#ears.add(ear);
    const { ended } = this.#current;
    const used = this.#current;
    const statusNow = (): LineStatus => (this.#ears.has(ear) ? this.#status : "down");
    return {
      ready: () => used.connection,
      get status() {
        return statusNow();
      },
      release: async () => {
        if (!this.#ears.delete(ear) || this.#ears.size > 0) return;
        if (this.#current === used) this.#current = undefined;
        ended.abort();
        const connection = await used.connection.catch(() => undefined);
        await connection?.drain().catch(() => connection.close());
      },
    };
  }

  #dial(tools: LineTools): Dialling {
    const ended = new AbortController();
    const connection = this.#connect(tools, ended.signal);
    const dialling: Dialling = { connection, ended };
    // Refused: the next one who wants it may have changed something.
    connection.catch(() => {
      if (this.#current === dialling) this.#current = undefined;
    });
    return dialling;
  }

  async #connect({ clock, random }: LineTools, signal: AbortSignal): Promise<NatsConnection> {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, lastRetryMs)) {
      try {
        const connection = await connect(connectionOptions(this.#access, this.#name));
        void this.#watch(connection);
        this.#tell("up");
        return connection;
      } catch (error) {
        const failure = natsFailure(error, "connecting");
        if (failure.code !== "NETWORK_UNREACHABLE" || signal.aborted) throw failure;
        this.#tell("down");
        await pause(clock, waitMs * (0.5 + random() / 2), signal);
        if (signal.aborted) throw failure;
      }
    }
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === "disconnect") this.#tell("down");
      else if (type === "reconnect") this.#tell("up");
    }
  }

  #tell(status: LineStatus): void {
    this.#status = status;
    for (const ear of [...this.#ears]) ear(status);
  }
}

interface Dialling {
  readonly connection: Promise<NatsConnection>;
  readonly ended: AbortController;
}

/** Resolves after a time, or as soon as the signal says so. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const timer = clock.setTimer(clock.now() + ms, stop);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
