import type {
  ColloquyError,
  ConnectFacet,
  Connection,
  ConnectionGoal,
  ConnectionTools,
  ErrorCode,
  ProviderEvent,
  SessionContext,
} from "@colloquy/core/contract";
import type { NatsConnection } from "@nats-io/transport-node";
import { type HumanEvent, readHumanEvent } from "./nats/event.js";
import { natsFailure } from "./nats/failure.js";
import { type LineStatus, type LineUse, type NatsLine, pause } from "./nats/line.js";
import { captures, defaultStream, listenInStream, type StreamOptions } from "./nats/stream.js";
import { subscribed } from "./nats/subscribe.js";
import { sessions } from "./operations/sessions.js";
import { initialDataOf, wordOf } from "./outcome.js";
import { answerSubject, subjectIdFor } from "./subjects.js";

/** What `await session.connection()` gives: how the session hears of answers. */
export interface OrgLine {
  /** On which subject the session listens. */
  readonly subject: string;
  /** `down` while NATS is being reached or mended; the session is looked at in intervals meanwhile, and always. */
  readonly status: LineStatus;
  /** Whether answers are kept in a stream, too. */
  readonly isDurable: boolean;
  /** Why NATS refuses: a wrong login, a missing permission. Tried again every half minute. */
  readonly problem: ColloquyError | undefined;
}

/** ASSUMED: a server that is there answers in milliseconds. Without one the session goes on, and listens as soon as there is. */
const patienceMs = 2_000;
/** ASSUMED: how often a refused login is tried again. A person has to change something first. */
const refusedRetryMs = 30_000;

/**
 * Listens for a session's answers before anybody is asked. An event only says that there is something to see: what counts is what
 * the sessions server then says. So a NATS that is away, or that refuses, degrades the session and stops nothing.
 */
export function connectFacet(line: NatsLine, stream: StreamOptions | undefined): ConnectFacet<OrgLine> {
  return { connect: (context, tools) => new Listener(line, stream, context, tools).open() };
}

type Condition = "line_up" | "line_down" | "login_refused" | "permission_missing";

class Listener {
  readonly #line: NatsLine;
  readonly #stream: StreamOptions | undefined;
  readonly #context: SessionContext;
  readonly #tools: ConnectionTools;
  readonly #subject: string;
  readonly #unwanted = new AbortController();
  #use: LineUse | undefined;
  #stop: ((goal: ConnectionGoal) => Promise<void>) | undefined;
  #problem: ColloquyError | undefined;
  /** Told to the lifecycle, so that only changes are. */
  #told: Condition = "line_up";
  #count = 0;
  #closing: Promise<void> | undefined;

  constructor(line: NatsLine, stream: StreamOptions | undefined, context: SessionContext, tools: ConnectionTools) {
    this.#line = line;
    this.#context = context;
    this.#tools = tools;
    const { subjectId } = context.settings;
    this.#subject = answerSubject(typeof subjectId === "string" ? subjectId : subjectIdFor(context.remoteId));
    const { subjects } = { ...defaultStream, ...stream };
    this.#stream = stream !== undefined && captures(subjects, this.#subject) ? stream : undefined;
  }

  async open(): Promise<Connection<OrgLine>> {
    const { clock, signal } = this.#tools;
    const abort = (): void => this.#unwanted.abort();
    signal.addEventListener("abort", abort, { once: true });
    const firstTry = new Promise<void>((resolve) => {
      void this.#keepListening(resolve);
    });
    const isListening = await Promise.race([
      firstTry.then(() => true),
      pause(clock, patienceMs, signal).then(() => false),
    ]);
    if (signal.aborted) await this.#close("release");
    signal.throwIfAborted();
    if (!isListening) this.#tell("line_down");
    const statusNow = (): LineStatus => (this.#stop === undefined ? "down" : (this.#use?.status ?? "down"));
    const problemNow = (): ColloquyError | undefined => this.#problem;
    return {
      surface: {
        subject: this.#subject,
        isDurable: this.#stream !== undefined,
        get status() {
          return statusNow();
        },
        get problem() {
          return problemNow();
        },
      },
      get isMending() {
        return statusNow() === "down";
      },
      close: (goal) => {
        this.#closing ??= this.#close(goal);
        return this.#closing;
      },
    };
  }

  /** Until it listens, or is not wanted any more. `tried` is told after the first attempt that came to an end. */
  async #keepListening(tried: () => void): Promise<void> {
    const { clock } = this.#tools;
    const { signal } = this.#unwanted;
    while (!signal.aborted) {
      const use = this.#line.use(this.#tools, (status) => this.#onStatus(status));
      this.#use = use;
      try {
        await this.#listen(use);
        this.#problem = undefined;
        tried();
        // Late: what was told before there was a line is found by looking.
        return this.#onStatus("up");
      } catch (error) {
        await use.release();
        if (signal.aborted) return tried();
        this.#problem = natsFailure(error, "listening");
        this.#tell(conditions[this.#problem.code] ?? "line_down");
        tried();
        await pause(clock, refusedRetryMs, signal);
      }
    }
  }

  async #listen(use: LineUse): Promise<void> {
    const connection = await use.ready();
    const stop = await (this.#stream === undefined
      ? this.#listenPlainly(connection)
      : this.#listenInStream(connection));
    this.#stop = stop;
    if (this.#unwanted.signal.aborted) await stop("release");
  }

  async #listenPlainly(connection: NatsConnection): Promise<(goal: ConnectionGoal) => Promise<void>> {
    const subscription = await subscribed(connection, this.#subject, ({ data }) => {
      // Plain messages have no name of their own, and arrive once.
      this.#count += 1;
      const occurrenceId = `nats:${this.#context.sessionId}:${this.#tools.clock.now()}:${this.#count}`;
      this.#hear(occurrenceId, readHumanEvent(data)).catch(() => {});
    });
    return async () => subscription.unsubscribe();
  }

  async #listenInStream(connection: NatsConnection): Promise<(goal: ConnectionGoal) => Promise<void>> {
    const { stream } = { ...defaultStream, ...this.#stream };
    const place = { sessionId: this.#context.remoteId, subject: this.#subject };
    const kept = await listenInStream(connection, this.#stream ?? {}, place, (message) =>
      this.#hear(`${stream}:${message.seq}`, readHumanEvent(message.data)),
    );
    // A session that only pauses or moves is to hear what is told meanwhile.
    return (goal) => (goal === "terminate" ? kept.remove() : kept.stop());
  }

  async #hear(occurrenceId: string, event: HumanEvent): Promise<void> {
    const kept: ProviderEvent = {
      type: "provider",
      occurrenceId,
      name: event.eventType ?? "message",
      raw: { ...event },
    };
    await this.#tools.keep([kept]);
    await this.#look();
  }

  async #look(): Promise<void> {
    const { remoteId } = this.#context;
    const session = await this.#tools.call(sessions.get, { sessionId: remoteId });
    this.#tools.tell({ source: "connection", word: wordOf(session, initialDataOf(this.#context)) });
  }

  #onStatus(status: LineStatus): void {
    if (this.#unwanted.signal.aborted || (status === "up" && this.#stop === undefined)) return;
    if (!this.#tell(status === "up" ? "line_up" : "line_down") || status === "down") return;
    // What was published while the line was down reached nobody.
    this.#look().catch(() => {});
  }

  #tell(condition: Condition): boolean {
    if (condition === this.#told) return false;
    this.#told = condition;
    this.#tools.tell({ source: "connection", word: condition });
    return true;
  }

  async #close(goal: ConnectionGoal): Promise<void> {
    this.#unwanted.abort();
    await this.#stop?.(goal).catch(() => {});
    await this.#use?.release().catch(() => {});
  }
}

const conditions: Partial<Record<ErrorCode, Condition>> = {
  CREDENTIAL_REJECTED: "login_refused",
  PERMISSION_DENIED: "permission_missing",
};
