import type { Agent } from "node:http";
import type { Socket } from "node:net";
import { type ClientOptions, WebSocket } from "ws";
import type { DialFrameSocket, FrameSocket, FrameSocketEvents } from "./frame-socket.js";
import { MaskedWriter } from "./masked-writer.js";

export interface WebSocketOptions {
  /** For a proxy or own certificates. */
  readonly agent?: Agent;
  /** Extra headers of the upgrade request, asked for anew at each connect: a signature, for example. */
  readonly headers?: (url: string) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

// ASSUMED: peers send frames of 1 KiB; a frame of 4 MiB has been seen to be accepted by clients.
const maxPayloadBytes = 16 * 1024 * 1024;
// Peers begin to notice a dead end of a closing handshake no sooner.
const closeTimeoutMs = 2000;

const clientOptions: ClientOptions & { readonly closeTimeout: number } = {
  perMessageDeflate: false,
  followRedirects: false,
  maxPayload: maxPayloadBytes,
  // A message with broken text is one bad frame, not the end of the connection.
  skipUTF8Validation: true,
  // All frames of one read in one turn: their acknowledgements then leave in one write.
  allowSynchronousEvents: true,
  closeTimeout: closeTimeoutMs,
};

const pingPayload = Buffer.from("keepalive", "latin1");

/** Frames over a WebSocket. */
export function webSocketDial(options: WebSocketOptions = {}): DialFrameSocket {
  return (url, events) => new WebSocketFrames(url, options, events);
}

class WebSocketFrames implements FrameSocket {
  readonly #events: FrameSocketEvents;
  #webSocket: WebSocket | undefined;
  #socket: Socket | undefined;
  #writer: MaskedWriter | undefined;
  #willFlush = false;
  #isClosed = false;
  #error: Error | undefined;
  #status: number | undefined;

  constructor(url: string, options: WebSocketOptions, events: FrameSocketEvents) {
    this.#events = events;
    void this.#connect(url, options);
  }

  get bufferedBytes(): number {
    return (this.#socket?.writableLength ?? 0) + (this.#writer?.pendingBytes ?? 0);
  }

  send(frame: Buffer | string): void {
    if (this.#webSocket?.readyState !== WebSocket.OPEN) return;
    if (typeof frame === "string") return this.#webSocket.send(frame);
    if (!this.#writer) return;
    this.#writer.write(frame);
    if (this.#willFlush) return;
    this.#willFlush = true;
    // oxlint-disable-next-line eslint/no-restricted-globals -- not for time: after all reads of this turn, in one write
    setImmediate(this.#flush);
  }

  ping(): void {
    if (this.#webSocket?.readyState !== WebSocket.OPEN) return;
    this.#flush();
    this.#webSocket.ping(pingPayload);
  }

  close(): void {
    this.#flush();
    if (this.#webSocket) this.#webSocket.close(1000);
    else this.#finish();
  }

  terminate(): void {
    if (this.#webSocket) this.#webSocket.terminate();
    else this.#finish();
  }

  async #connect(url: string, { headers, agent }: WebSocketOptions): Promise<void> {
    try {
      const extra = await headers?.(url);
      if (this.#isClosed) return;
      this.#listen(new WebSocket(url, { ...clientOptions, ...(agent && { agent }), ...(extra && { headers: extra }) }));
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error("The connection could not be begun.", { cause: error });
      this.#finish();
    }
  }

  #listen(webSocket: WebSocket): void {
    this.#webSocket = webSocket;
    webSocket.on("upgrade", ({ socket }) => {
      this.#socket = socket;
      this.#writer = new MaskedWriter(socket);
      socket.on("drain", () => this.#events.onDrain());
    });
    webSocket.on("unexpected-response", (request, response) => {
      this.#status = response.statusCode;
      this.#error = new Error(`The upgrade was answered with ${response.statusCode}.`);
      request.destroy();
      this.#finish();
    });
    webSocket.on("open", () => this.#events.onOpen());
    webSocket.on("message", (message) => this.#events.onFrame(message as Buffer));
    webSocket.on("pong", () => this.#events.onPong());
    webSocket.on("error", (error) => {
      this.#error = error;
    });
    webSocket.on("close", (code) => this.#finish(code));
  }

  readonly #flush = (): void => {
    this.#willFlush = false;
    if (this.#webSocket?.readyState === WebSocket.OPEN) this.#writer?.flush();
  };

  #finish(code?: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.onClose({
      ...(code !== undefined && { code }),
      ...(this.#status !== undefined && { status: this.#status }),
      ...(this.#error && { error: this.#error }),
    });
  }
}
