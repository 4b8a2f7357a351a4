import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import type { SsmStartAnswer } from "../../../src/index.js";

/** A frame as this client reads it. */
export interface ReadFrame {
  messageType: string;
  sequence: number;
  flags: bigint;
  messageId: string;
  payloadType: number;
  payload: Buffer;
  headerLength: number;
}

/** What other people's clients do differently. */
export interface Quirks {
  /** The first 32 hexadecimal digits of the digest in place of its 32 bytes. */
  hexDigest?: boolean;
  /** The type moved to the right, with NULs before it. */
  nulsBeforeType?: boolean;
  /** The acknowledged number in the acknowledgement's own header, type 3 and no flags. */
  oddAckHeader?: boolean;
  /** SYN on the first frame. */
  synFirst?: boolean;
  /** Text instead of binary frames is not something any client sends; the open message may lack the client's name. */
  shortOpenMessage?: boolean;
  /** Copies of frames are dropped without a word, as the genuine client does. */
  neverAcksTwice?: boolean;
  /** No size is ever sent. */
  noSize?: boolean;
}

export interface ClientOptions {
  quirks?: Quirks;
  clientVersion?: string;
  headers?: Record<string, string>;
  /** Answers the handshake's key action: the sealed and the plain data key. */
  dataKey?: (request: { keyId: string; challenge: string }) => Promise<{ sealed: Buffer; plain: Buffer }>;
  answersChallenge?: boolean;
  /** Neither acknowledges nor handles output until `ready()`. */
  startsUnready?: boolean;
}

const typeBytes = 32;

/** A data-channel client written from the protocol's description alone, for the tests of the emulator. */
export class DataChannelClient {
  readonly frames: ReadFrame[] = [];
  readonly closed: string[] = [];
  readonly serviceTypes: string[] = [];
  readonly flags: number[] = [];
  handshake: { AgentVersion: string; RequestedClientActions: Record<string, unknown>[] } | undefined;
  handshakeComplete: { HandshakeTimeToComplete: number; CustomerMessage: string } | undefined;
  output: Buffer[] = [];
  stderr: Buffer[] = [];
  exitCode: string | undefined;
  outputBytes = 0;
  badFrames = 0;
  wsClosed: { code: number; reason: string } | undefined;
  responseHeaders: Record<string, string | string[] | undefined> = {};
  readonly #answer: SsmStartAnswer;
  readonly #options: ClientOptions;
  readonly #quirks: Quirks;
  readonly #clientId = randomUUID();
  readonly #unacked = new Map<number, Buffer>();
  readonly #early = new Map<number, ReadFrame>();
  readonly #digest = createHash("sha256");
  #ws: WebSocket | undefined;
  #expected = 0;
  #next = 0;
  #isReady: boolean;
  #sizeSent = false;
  #keys: { encrypt: Buffer; decrypt: Buffer } | undefined;
  #resend: NodeJS.Timeout | undefined;
  #wakes: (() => void)[] = [];

  constructor(answer: SsmStartAnswer, options: ClientOptions = {}) {
    this.#answer = answer;
    this.#options = options;
    this.#quirks = options.quirks ?? {};
    this.#isReady = options.startsUnready !== true;
  }

  /** Connects, or connects again with another token; numbering goes on. */
  async open(token: string = this.#answer.TokenValue): Promise<void> {
    const ws = new WebSocket(this.#answer.StreamUrl, {
      perMessageDeflate: false,
      headers: { "User-Agent": "Go-http-client/1.1", ...this.#options.headers },
    });
    this.#ws = ws;
    this.wsClosed = undefined;
    ws.on("message", (bytes: Buffer, isBinary) => isBinary && this.#ws === ws && this.#read(bytes));
    ws.on("close", (code, reason) => {
      if (this.#ws === ws) this.wsClosed = { code, reason: reason.toString() };
      this.#wake();
    });
    ws.on("upgrade", ({ headers }) => (this.responseHeaders = headers));
    await new Promise<void>((resolve, reject) => {
      ws.on("open", () => resolve());
      ws.on("error", reject);
    });
    const short = { MessageSchemaVersion: "1.0", RequestId: randomUUID(), TokenValue: token };
    const whole = { ...short, ClientId: this.#clientId, ClientVersion: this.#clientVersion };
    ws.send(JSON.stringify(this.#quirks.shortOpenMessage ? short : whole));
    clearInterval(this.#resend);
    this.#resend = setInterval(() => {
      if (this.#ws?.readyState !== WebSocket.OPEN) return;
      for (const frame of [...this.#unacked.values()].slice(0, 100)) this.#ws.send(frame);
    }, 50);
  }

  get #clientVersion(): string {
    return this.#options.clientVersion ?? "1.2.677.0";
  }

  get digest(): string {
    return this.#digest.copy().digest("hex");
  }

  get text(): string {
    return Buffer.concat(this.output).toString("utf8");
  }

  get unackedCount(): number {
    return this.#unacked.size;
  }

  ready(): void {
    this.#isReady = true;
  }

  ping(): Promise<string> {
    return new Promise((resolve) => {
      this.#ws?.once("pong", (bytes) => resolve(bytes.toString()));
      this.#ws?.ping("keepalive");
    });
  }

  /** Sends bytes as input, in frames of 1024. */
  type(input: string | Buffer): void {
    const bytes = Buffer.from(input as string);
    for (let from = 0; from < bytes.length; from += 1_024) {
      const piece = bytes.subarray(from, from + 1_024);
      this.send(1, this.#keys === undefined ? piece : encrypt(this.#keys.encrypt, piece));
    }
  }

  resize(cols: number, rows: number): void {
    this.#sizeSent = true;
    this.send(3, Buffer.from(JSON.stringify({ cols, rows })));
  }

  flag(number: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(number);
    this.send(10, bytes);
  }

  send(payloadType: number, payload: Buffer): void {
    const sequence = this.#next++;
    const flags = this.#quirks.synFirst && sequence === 0 ? 1 : 0;
    const frame = this.frame("input_stream_data", sequence, flags, payloadType, payload);
    this.#unacked.set(sequence, frame);
    this.#ws?.send(frame);
  }

  /** Bytes as they are, as one binary message. */
  sendRaw(bytes: Buffer): void {
    this.#ws?.send(bytes);
  }

  async until(isDone: () => boolean, what: string, withinMs = 10_000): Promise<void> {
    const deadlineMs = Date.now() + withinMs;
    while (!isDone()) {
      const leftMs = deadlineMs - Date.now();
      if (leftMs <= 0) throw new Error(`not in time: ${what}; output so far: ${this.text.slice(-300)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(leftMs, 25));
        this.#wakes.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  untilText(part: string): Promise<void> {
    return this.until(() => this.text.includes(part), JSON.stringify(part));
  }

  untilClosed(): Promise<void> {
    return this.until(() => this.closed.length > 0, "channel_closed");
  }

  close(): void {
    clearInterval(this.#resend);
    this.#ws?.terminate();
  }

  frame(messageType: string, sequence: number, flags: number, payloadType: number, payload: Buffer): Buffer {
    const frame = Buffer.alloc(120 + payload.length);
    frame.writeUInt32BE(116, 0);
    const { nulsBeforeType } = this.#quirks;
    frame.write(nulsBeforeType ? messageType.padStart(typeBytes, "\0") : messageType.padEnd(typeBytes), 4);
    frame.writeUInt32BE(1, 36);
    frame.writeBigUInt64BE(BigInt(Date.now()), 40);
    frame.writeBigInt64BE(BigInt(sequence), 48);
    frame.writeBigUInt64BE(BigInt(flags), 56);
    const id = Buffer.from(randomUUID().replaceAll("-", ""), "hex");
    id.copy(frame, 64, 8, 16);
    id.copy(frame, 72, 0, 8);
    const digest = createHash("sha256").update(payload);
    if (this.#quirks.hexDigest) frame.write(digest.digest("hex").slice(0, 32), 80);
    else digest.digest().copy(frame, 80);
    frame.writeUInt32BE(payloadType, 112);
    frame.writeUInt32BE(payload.length, 116);
    payload.copy(frame, 120);
    return frame;
  }

  #read(bytes: Buffer): void {
    const frame = readFrame(bytes);
    if (frame === undefined) {
      this.badFrames += 1;
      return;
    }
    if (frame.messageType === "acknowledge") {
      this.#unacked.delete(JSON.parse(frame.payload.toString()).AcknowledgedMessageSequenceNumber);
    } else if (frame.messageType === "output_stream_data") {
      this.#take(frame);
    } else if (frame.messageType === "channel_closed") {
      this.serviceTypes.push(frame.messageType);
      this.closed.push(JSON.parse(frame.payload.toString()).Output);
    } else if (/^(?:pause|start)_publication$/.test(frame.messageType)) {
      this.serviceTypes.push(frame.messageType);
    } else {
      this.badFrames += 1;
    }
    this.#wake();
  }

  #take(frame: ReadFrame): void {
    const { sequence } = frame;
    this.frames.push(frame);
    if (sequence < this.#expected || this.#early.has(sequence)) {
      if (!this.#quirks.neverAcksTwice) this.#acknowledge(frame);
      return;
    }
    if (sequence > this.#expected) {
      this.#early.set(sequence, frame);
      this.#acknowledge(frame);
      return;
    }
    if (!this.#isReady) return;
    this.#acknowledge(frame);
    for (let next: ReadFrame | undefined = frame; next !== undefined; next = this.#early.get(this.#expected)) {
      this.#early.delete(this.#expected);
      this.#expected += 1;
      this.#handle(next);
    }
  }

  #acknowledge({ messageType, messageId, sequence }: ReadFrame): void {
    const content = {
      AcknowledgedMessageType: messageType,
      AcknowledgedMessageId: messageId,
      AcknowledgedMessageSequenceNumber: sequence,
      IsSequentialMessage: true,
    };
    const payload = Buffer.from(JSON.stringify(content));
    const odd = this.#quirks.oddAckHeader;
    this.#ws?.send(this.frame("acknowledge", odd ? sequence : 0, odd ? 0 : 3, odd ? 3 : 0, payload));
  }

  #handle({ payloadType, payload }: ReadFrame): void {
    const isText = payloadType === 1 || payloadType === 11 || payloadType === 12;
    const bytes = isText && this.#keys !== undefined ? decrypt(this.#keys.decrypt, payload) : payload;
    if (payloadType === 5) return void this.#shakeHands(JSON.parse(bytes.toString()));
    if (payloadType === 8) return this.#proveKey(JSON.parse(bytes.toString()).Challenge);
    if (payloadType === 7) this.handshakeComplete = JSON.parse(bytes.toString());
    if (payloadType === 10) this.flags.push(bytes.readUInt32BE());
    if (payloadType === 11) this.stderr.push(bytes);
    if (payloadType === 12) this.exitCode = bytes.toString();
    if (payloadType !== 1) return;
    this.output.push(bytes);
    this.outputBytes += bytes.length;
    this.#digest.update(bytes);
    if (!this.#sizeSent && !this.#quirks.noSize) this.resize(80, 24);
  }

  async #shakeHands(request: NonNullable<DataChannelClient["handshake"]>): Promise<void> {
    this.handshake = request;
    const actions = [];
    for (const { ActionType: type, ActionParameters: parameters } of request.RequestedClientActions) {
      const action = { ActionType: type, ActionStatus: 1, ActionResult: null as unknown, Error: "" };
      actions.push(action);
      if (type !== "KMSEncryption") continue;
      const { KMSKeyId: keyId, Challenge: challenge } = parameters as { KMSKeyId: string; Challenge: string };
      const key = await this.#options.dataKey?.({ keyId, challenge }).catch((error: Error) => error);
      if (key === undefined || key instanceof Error) {
        Object.assign(action, { ActionStatus: 2, Error: key?.message ?? "no key" });
        continue;
      }
      this.#keys = { decrypt: key.plain.subarray(0, 32), encrypt: key.plain.subarray(32, 64) };
      const acknowledgement = this.#options.answersChallenge ? { ChallengeAcknowledgement: true } : {};
      const KMSCipherTextKey = key.sealed.toString("base64");
      action.ActionResult = { KMSCipherTextKey, KMSCipherTextHash: null, ...acknowledgement };
    }
    const response = { ClientVersion: this.#clientVersion, ProcessedClientActions: actions, Errors: null };
    this.send(6, Buffer.from(JSON.stringify(response)));
  }

  #proveKey(challenge: string): void {
    if (this.#keys === undefined) return;
    const plain = decrypt(this.#keys.decrypt, Buffer.from(challenge, "base64"));
    const answer = encrypt(this.#keys.encrypt, plain).toString("base64");
    this.send(9, Buffer.from(JSON.stringify({ Challenge: answer })));
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}

/** Strict: undefined for anything that a careful client drops. */
export function readFrame(bytes: Buffer): ReadFrame | undefined {
  if (bytes.length < 4) return undefined;
  const headerLength = bytes.readUInt32BE(0);
  if ((headerLength !== 116 && headerLength !== 112) || bytes.length < headerLength + 4) return undefined;
  const payload = bytes.subarray(headerLength + 4);
  const digest = createHash("sha256").update(payload).digest();
  if (bytes.readUInt32BE(headerLength) !== payload.length || !digest.equals(bytes.subarray(80, 112))) return undefined;
  if (bytes.readBigUInt64BE(40) === 0n) return undefined;
  const hex = Buffer.concat([bytes.subarray(72, 80), bytes.subarray(64, 72)]).toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return {
    messageType: bytes
      .toString("latin1", 4, 36)
      .replaceAll(/^\0+|\0+$/g, "")
      .trim(),
    sequence: Number(bytes.readBigInt64BE(48)),
    flags: bytes.readBigUInt64BE(56),
    messageId: parts.join("-"),
    payloadType: headerLength === 116 ? bytes.readUInt32BE(112) : 0,
    payload,
    headerLength,
  };
}

function encrypt(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}
