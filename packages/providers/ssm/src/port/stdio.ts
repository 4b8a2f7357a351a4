import type { Duplex } from "node:stream";
import type { SessionChannel, SessionEnd } from "../channel/session-channel.js";
import { payloadType } from "../codec/payload-type.js";
import { ssmError } from "../errors.js";
import { ByteConnection } from "./byte-connection.js";
import type { PortLine, PortLineOptions } from "./port-line.js";

/** One connection for the whole session, as for `ssh` with a proxy command. */
export class StdioLine implements PortLine {
  readonly #channel: SessionChannel;
  #connection: ByteConnection | undefined;
  #end: SessionEnd | undefined;

  constructor({ channel }: PortLineOptions) {
    this.#channel = channel;
  }

  connect(): Duplex {
    if (this.#connection)
      throw ssmError({ code: "COMMAND_REFUSED", message: "This kind of port session has one connection." });
    const channel = this.#channel;
    const connection = new ByteConnection({
      write: (chunks, onTaken) => channel.write(payloadType.output, chunks, { onTaken }),
      onRoom: () => channel.deliver(),
      onEnded: () => {},
      onDestroyed: () => channel.deliver(),
    });
    this.#connection = connection;
    connection.activate();
    if (this.#end) connection.finish(this.#end.error);
    else channel.deliver();
    return connection;
  }

  take(type: number, payload: Buffer): boolean {
    if (type !== payloadType.output) return true;
    return this.#connection?.receive(payload) ?? false;
  }

  end(end: SessionEnd): void {
    this.#end = end;
    this.#connection?.finish(end.error);
  }
}
