import type { Duplex } from "node:stream";
import type { Consumer, SessionChannel } from "../channel/session-channel.js";
import type { Clock } from "../clock.js";

/** How the bytes of a port session are carried; the agent's version and the session's document decide. */
export type PortMode = "multiplexed" | "basic" | "stdio";

/** One way of carrying connections over a session. */
export interface PortLine extends Consumer {
  /** A connection to the remote port. Throws `COMMAND_REFUSED` when there cannot be another one. */
  connect(): Duplex;
}

export interface PortLineOptions {
  readonly channel: SessionChannel;
  readonly clock: Clock;
}
