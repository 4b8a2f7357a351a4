import type { Clock } from "./clock.js";
import type { ProviderEvent } from "./event.js";
import type { RemoteSignal } from "./observation.js";
import type { Learned, Operation } from "./operation.js";
import type { SessionContext } from "./provider.js";

/** What core lends to a connection: time, chance, secrets, and an ear for what happens on the line. Plain functions, free to pass on. */
export interface ConnectionTools {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The session's own secrets, and the caller's credentials, resolved just now, under their kinds. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Aborted when the session no longer wants this connection, also while it is still being made. */
  readonly signal: AbortSignal;
  /**
   * Tells the lifecycle, through `interpret`. After `signal` is aborted nothing is heard. Tell each proof of life too, by a word
   * that means `opened` (or `asked`), more often than the manifest's `livenessMs`: core does not poll a line.
   */
  readonly tell: (signal: RemoteSignal) => void;
  /** Puts events into the session's inbox. Resolves when they are stored: acknowledge to the far side only then. */
  readonly keep: (events: readonly ProviderEvent[]) => Promise<void>;
  /**
   * What the session keeps from the line: a new token, changed settings. Resolves when it is stored. Secrets are also taken
   * while the line is being closed, so that it can leave word of where it stands.
   */
  readonly learn: (learned: Learned) => Promise<void>;
  /**
   * A call in the session's name over core's transport, with its limits, attempts and credentials; what the answer teaches is
   * stored. Ends with `signal`, and earlier with one of the caller's.
   */
  readonly call: <Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    options?: { readonly signal?: AbortSignal },
  ) => Promise<Output>;
}

/**
 * Why core lets a connection go: `release` ends our end only, because this process stops or hands over; `suspend` pauses;
 * `terminate` ends what the connection stands for.
 */
export type ConnectionGoal = "release" | "suspend" | "terminate";

export interface Connection<Surface = unknown> {
  /** What callers work with: `await session.connection()`. */
  readonly surface: Surface;
  /**
   * Read when a dropped line is about to be opened anew. True: it is mending the break by itself, so it is left alone for as
   * long as it says so, and tells when it stands again. Default false.
   */
  readonly isMending?: boolean;
  /** Drains what it can, then closes. Never rejects; calling it again does nothing. */
  close(goal: ConnectionGoal): Promise<void>;
}

/**
 * Holds a line open for a session. Core opens it after `open`, closes it when the session rests, ends, is released or opened
 * anew, and has at most one per session. The line mends its own short breaks (resume, reconnect) and tells of them; core
 * opens another one only when `interpret` says that it was dropped and the line does not say that it is mending.
 */
export interface ConnectFacet<Surface = unknown> {
  /** Carries the surface's type; never present at run time. */
  readonly surface?: Surface;
  /** Rejects with a `ColloquyError` when the line cannot be made; core classifies it like a failed call. */
  connect(context: SessionContext, tools: ConnectionTools): Promise<Connection<Surface>>;
}
