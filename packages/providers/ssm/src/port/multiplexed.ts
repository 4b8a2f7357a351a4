import type { Duplex } from "node:stream";
import type { SessionEnd } from "../channel/session-channel.js";
import { payloadType, readFlag, sessionFlag } from "../codec/payload-type.js";
import { SmuxSession } from "../smux/session.js";
import type { PortLine, PortLineOptions } from "./port-line.js";

// ASSUMED: long enough for a slow answer, short enough not to hold connections of clients that are gone.
const halfCloseGraceMs = 10_000;

/** Many connections at once. */
export class MultiplexedLine implements PortLine {
  readonly #smux: SmuxSession;

  constructor({ channel, clock }: PortLineOptions, sendsKeepAlive: boolean) {
    this.#smux = new SmuxSession({
      clock,
      sendsKeepAlive,
      halfCloseGraceMs,
      write: (chunks, onTaken) => channel.write(payloadType.output, chunks, { onTaken }),
      onRoom: () => channel.deliver(),
      onBroken: () => {},
    });
  }

  connect(): Duplex {
    return this.#smux.open();
  }

  take(type: number, payload: Buffer): boolean {
    if (type === payloadType.output) return this.#smux.receive(payload);
    if (type === payloadType.flag && readFlag(payload) === sessionFlag.connectToPortError) this.#smux.noteRefusal();
    return true;
  }

  end({ error }: SessionEnd): void {
    this.#smux.end(error);
  }
}
