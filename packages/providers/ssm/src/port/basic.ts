import type { Duplex } from "node:stream";
import type { SessionChannel, SessionEnd } from "../channel/session-channel.js";
import type { Clock, Timer } from "../clock.js";
import { encodeFlag, payloadType, readFlag, sessionFlag } from "../codec/payload-type.js";
import { ssmError } from "../errors.js";
import { ByteConnection } from "./byte-connection.js";
import type { PortLine, PortLineOptions } from "./port-line.js";

// ASSUMED: this way of carrying knows no end of the other side, so an answer to a half-closed connection is waited for by
// its silence. Short, because the next connection waits too.
const halfCloseGraceMs = 250;

/** One connection after the other; those that come meanwhile wait for their turn. */
export class BasicLine implements PortLine {
  readonly #channel: SessionChannel;
  readonly #clock: Clock;
  #waiting: ByteConnection[] = [];
  #active: ByteConnection | undefined;
  /** The agent still sends for a connection that is over. */
  #isDisconnecting = false;
  #lastDataAtMs = 0;
  #grace: Timer | undefined;
  #end: SessionEnd | undefined;

  constructor({ channel, clock }: PortLineOptions) {
    this.#channel = channel;
    this.#clock = clock;
  }

  connect(): Duplex {
    const connection: ByteConnection = new ByteConnection({
      write: (chunks, onTaken) => this.#channel.write(payloadType.output, chunks, { onTaken }),
      onRoom: () => this.#channel.deliver(),
      onEnded: () => this.#onEnded(connection),
      onDestroyed: () => this.#onDestroyed(connection),
    });
    if (this.#end) connection.finish(this.#end.error);
    else {
      this.#waiting.push(connection);
      this.#next();
    }
    return connection;
  }

  take(type: number, payload: Buffer): boolean {
    if (type === payloadType.flag) {
      if (readFlag(payload) === sessionFlag.connectToPortError)
        this.#active?.finish(
          ssmError({ code: "PROVIDER_REJECTED", message: "The agent could not connect to the port." }),
        );
      return true;
    }
    if (type !== payloadType.output || this.#isDisconnecting) return true;
    if (this.#grace) this.#lastDataAtMs = this.#clock.now();
    return this.#active?.receive(payload) ?? false;
  }

  end(end: SessionEnd): void {
    this.#end = end;
    this.#grace?.cancel();
    const connections = [...(this.#active ? [this.#active] : []), ...this.#waiting];
    this.#active = undefined;
    this.#waiting = [];
    for (const connection of connections) connection.finish(end.error);
  }

  #next(): void {
    if (this.#active || this.#isDisconnecting) return;
    this.#active = this.#waiting.shift();
    this.#active?.activate();
    this.#channel.deliver();
  }

  #onEnded(connection: ByteConnection): void {
    if (connection !== this.#active) return;
    this.#lastDataAtMs = this.#clock.now();
    this.#waitForSilence(connection);
  }

  #waitForSilence(connection: ByteConnection): void {
    this.#grace = this.#clock.setTimer(this.#lastDataAtMs + halfCloseGraceMs, () => {
      if (this.#clock.now() - this.#lastDataAtMs < halfCloseGraceMs) return this.#waitForSilence(connection);
      connection.finish();
      this.#disconnect();
    });
  }

  #onDestroyed(connection: ByteConnection): void {
    if (connection === this.#active) return this.#disconnect();
    this.#waiting = this.#waiting.filter((other) => other !== connection);
  }

  #disconnect(): void {
    this.#grace?.cancel();
    this.#grace = undefined;
    this.#active = undefined;
    if (this.#end) return;
    this.#isDisconnecting = true;
    this.#channel.write(payloadType.flag, [encodeFlag(sessionFlag.disconnectToPort)], {
      // Once the agent has it, what comes belongs to the next connection.
      onAcknowledged: () => {
        this.#isDisconnecting = false;
        this.#next();
      },
    });
    this.#channel.deliver();
  }
}
