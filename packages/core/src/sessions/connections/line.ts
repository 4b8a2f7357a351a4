import { abortReason, type Clock } from "../../clock.js";
import {
  ColloquyError,
  type ConnectFacet,
  type Connection,
  type ConnectionGoal,
  type ConnectionTools,
  type ProviderEvent,
  type RemoteSignal,
  type SessionContext,
} from "../../contract/index.js";
import { rejectedWhenAborted, withinMs } from "./bounded.js";

/** What a line works with; what it says goes where these lead for as long as it is wanted. */
export interface LineEars extends Pick<ConnectionTools, "clock" | "random" | "secrets" | "call" | "learn"> {
  readonly tell: (signal: RemoteSignal, generation: number) => void;
  readonly keep: (events: readonly ProviderEvent[]) => Promise<void>;
}

/** One line from the first attempt to make it until it is closed. Once it is not wanted any more, nothing of it is heard. */
export class Line {
  /** Which opening speaks for it: what it tells under an older one is recorded and changes nothing. */
  generation: number;
  readonly #clock: Clock;
  readonly #ears: LineEars;
  readonly #closeDeadlineMs: number;
  readonly #unwanted = new AbortController();
  #connection: Connection | undefined;
  #making: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #isOver = false;

  constructor(generation: number, ears: LineEars, closeDeadlineMs: number) {
    this.generation = generation;
    this.#clock = ears.clock;
    this.#ears = ears;
    this.#closeDeadlineMs = closeDeadlineMs;
  }

  /** Undefined while it is being made, and once it is being closed. */
  get connection(): Connection | undefined {
    return this.#closing || this.#unwanted.signal.aborted ? undefined : this.#connection;
  }

  /** Rejects when it cannot be made, is not made in time, or is not wanted any more. One that comes up after that is closed. */
  async make(facet: ConnectFacet, context: SessionContext, signal: AbortSignal, deadlineAtMs: number): Promise<void> {
    const giveUp = (): void => this.#unwanted.abort(abortReason(signal));
    const deadline = this.#clock.setTimer(deadlineAtMs, () => this.#unwanted.abort(tooLate(context.sessionId)));
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    const made = (async () => facet.connect(context, this.#tools()))().then((connection) => {
      this.#connection = connection;
    });
    this.#making = made.catch(() => {});
    try {
      await Promise.race([made, rejectedWhenAborted(this.#unwanted.signal)]);
      this.#unwanted.signal.throwIfAborted();
    } catch (error) {
      this.#unwanted.abort(error);
      // What still comes up is closed before anything else is opened, as far as that can be waited for.
      await this.#close("release");
      this.#isOver = true;
      throw error;
    } finally {
      deadline.cancel();
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Waits as long as a provider may take to close. Heard until the end only while it is terminated: how that goes is news. */
  close(goal: ConnectionGoal, reason: Error): Promise<void> {
    if (goal !== "terminate" || !this.#connection) this.#unwanted.abort(reason);
    this.#closing ??= this.#close(goal).finally(() => {
      this.#isOver = true;
      this.#unwanted.abort(reason);
    });
    return this.#closing;
  }

  async #close(goal: ConnectionGoal): Promise<void> {
    const closing = this.#making.then(() => this.#connection && closed(this.#connection, goal));
    await withinMs(this.#clock, this.#closeDeadlineMs, closing);
  }

  #tools(): ConnectionTools {
    const { signal } = this.#unwanted;
    const { clock, random, secrets, tell, keep, learn, call } = this.#ears;
    return {
      clock,
      random,
      secrets,
      signal,
      tell: (said) => {
        if (!signal.aborted) tell(said, this.generation);
      },
      keep: async (events) => {
        signal.throwIfAborted();
        await keep(events);
      },
      learn: async (learned) => {
        // A line that is being closed may still leave word of where it stands.
        if (this.#isOver) signal.throwIfAborted();
        await learn(learned);
      },
      call: (operation, input, options) =>
        call(operation, input, { signal: options?.signal ? AbortSignal.any([signal, options.signal]) : signal }),
    };
  }
}

/** A line that cannot even be closed is let go all the same. */
async function closed(connection: Connection, goal: ConnectionGoal): Promise<void> {
  try {
    await connection.close(goal);
  } catch {
    // Promised not to happen; there is nothing more to do about it here.
  }
}

function tooLate(sessionId: string): ColloquyError {
  return new ColloquyError({
    code: "DEADLINE_EXCEEDED",
    message: "The connection was not made in time.",
    sessionId,
    operation: "connect",
  });
}
