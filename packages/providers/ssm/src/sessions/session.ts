import type { Duplex } from "node:stream";
import type { ChannelCounters } from "../channel/counters.js";
import type { DataChannelOptions } from "../channel/options.js";
import type { ChannelStatus, SessionEnd } from "../channel/session-channel.js";
import type { StreamPosition } from "../channel/stream-position.js";
import type { ForwardOptions, PortForward } from "../port/forward.js";
import type { SessionPlugin } from "./plugin.js";
import type { SessionPluginRegistry } from "./registry.js";
import type { RunOptions, RunResult } from "./run.js";
import type { Shell, ShellOptions } from "./shell.js";

export interface OpenOptions extends DataChannelOptions {
  /** Default: the built-in session types. */
  readonly registry?: SessionPluginRegistry;
  /** Told of every change, in order, beginning with `connecting`. */
  readonly onStatus?: (status: ChannelStatus) => void;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

/** An open session. */
export interface Session {
  readonly id: string;
  readonly status: ChannelStatus;
  /** As the agent says; `Standard_Stream` for a plain shell. */
  readonly sessionType: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly agentVersion: string;
  /** For the person at the keyboard; empty when there is none. */
  readonly customerMessage: string;
  readonly isEncrypted: boolean;
  readonly counters: Readonly<ChannelCounters>;
  /**
   * Where the stream stands after `close()`, to go on with it by `openDataChannel({ position })`, also in another process.
   * Undefined before, after a loss, and for sessions that cannot go on so: encrypted ones, and ports.
   */
  readonly position: StreamPosition | undefined;
  /** How it ended. Never rejects. */
  readonly ended: Promise<SessionEnd>;
  /** The terminal of a shell or command session. Throws `UNSUPPORTED` for other types. */
  shell(options?: ShellOptions): Shell;
  /** The result of a command session. Rejects with `UNSUPPORTED` for other types. */
  run(options?: RunOptions): Promise<RunResult>;
  /** Listens here for connections to the remote port. Rejects with `UNSUPPORTED` for other than port sessions. */
  forwardPort(options?: ForwardOptions): Promise<PortForward>;
  /** One connection to the remote port, without a listener. */
  connectPort(): Duplex;
  /** What a plugin of one's own offers for this session. Throws `UNSUPPORTED` when it does not serve its type. */
  as<Face>(plugin: SessionPlugin<Face>): Face;
  /** Waits for what was written to arrive, then closes the connection. The session stays at the service until it expires. */
  close(): Promise<SessionEnd>;
  /** Ends the session for good: at the agent, or at the service when `terminate` was given. */
  terminate(): Promise<SessionEnd>;
}
