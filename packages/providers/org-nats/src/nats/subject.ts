import { type Clock, ColloquyError, type JsonValue } from "@colloquy/core/contract";
import { createInbox, type Msg, type NatsConnection } from "@nats-io/transport-node";
import { refuseProblems } from "../input.js";
import { isRecord } from "../json.js";
import { answerSubject, problemOfSubject } from "../subjects.js";
import { type HumanEvent, readHumanEvent } from "./event.js";
import { natsFailure } from "./failure.js";
import { type LineStatus, type LineUse, NatsLine } from "./line.js";
import { type NatsAccess, problemsOfAccess } from "./servers.js";
import { subscribed } from "./subscribe.js";

export interface NatsSubjectOptions extends NatsAccess {
  /** Told of each change: `down` while the line is lost and being mended. */
  readonly onStatus?: (status: LineStatus) => void;
  /** For tests. Default: the machine's. */
  readonly clock?: Clock;
  /** For tests. Default: the machine's. */
  readonly random?: () => number;
}

export interface SubjectAskOptions {
  /** How long to wait for the answer, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /**
   * Where the answer comes. `reply`: to an inbox of this question alone, for those who answer a NATS request. `event`: as an event
   * on `<subject>__human_intervention_results`, as the sessions server tells answers. Default `reply`.
   */
  readonly answer?: "reply" | "event";
  /**
   * With `event`: which event is the answer to this question. Default: one whose payload repeats the question's `question_id`, or
   * that has none.
   */
  readonly isMine?: (event: HumanEvent, questionId: string) => boolean;
  readonly signal?: AbortSignal;
}

/** Questions over NATS alone, for those who have a subject and no sessions server. */
export interface NatsSubject {
  /**
   * Listens, and only then asks. The question goes out as a `task` event whose `event_data` are the given object with a
   * `question_id`. Rejects with `WAIT_TIMEOUT` (it may still be answered, but not to this call), with `REMOTE_NOT_FOUND` when nobody
   * listens on the subject, and with `NETWORK_UNREACHABLE` when the line is down: then nothing was asked.
   */
  ask(
    subject: string,
    question: { readonly [key: string]: JsonValue },
    options?: SubjectAskOptions,
  ): Promise<HumanEvent>;
  /** Publishes, and resolves when the server has it. Rejects with `NETWORK_UNREACHABLE` while the line is down. */
  publish(subject: string, payload: JsonValue): Promise<void>;
  /** Everything that is told on a subject from now on; resolves when the server has the subscription. */
  listen(subject: string, onEvent: (event: HumanEvent) => void): Promise<{ stop(): void }>;
  readonly status: LineStatus;
  /** Drains, then closes. */
  close(): Promise<void>;
}

/** Connects when it is first used. Throws `CONFIG_INVALID` for wrong options. */
export function natsSubject(options: NatsSubjectOptions = {}): NatsSubject {
  const { onStatus = () => {}, clock = machineClock, random = machineRandom, ...access } = options;
  const [problem] = problemsOfAccess(access, "servers");
  if (problem !== undefined)
    throw new ColloquyError({
      code: "CONFIG_INVALID",
      message: `${problem.field}: ${problem.message}`,
      providerId: "org-nats",
      fieldErrors: { [problem.field]: [problem.message] },
    });
  const line = new NatsLine(access, "colloquy-nats-subject");
  let use: LineUse | undefined;
  const ready = (): Promise<NatsConnection> => {
    use ??= line.use({ clock, random }, onStatus);
    return use.ready();
  };
  return {
    async ask(subject, question, askOptions = {}) {
      checkSubject("ask", subject);
      return new SubjectQuestion(await ready(), clock, subject, question, askOptions).answer();
    },
    async publish(subject, payload) {
      checkSubject("publish", subject);
      await publishSurely(await ready(), subject, payload);
    },
    async listen(subject, onEvent) {
      checkSubject("listen", subject);
      const subscription = await subscribed(await ready(), subject, ({ data }) => onEvent(readHumanEvent(data)));
      return { stop: () => subscription.unsubscribe() };
    },
    get status() {
      return use?.status ?? "down";
    },
    async close() {
      await use?.release();
      use = undefined;
    },
  };
}

function checkSubject(operation: string, subject: string): void {
  const problem = problemOfSubject(subject);
  if (problem !== undefined) refuseProblems(operation, [{ field: "subject", message: problem }]);
}

/** While the line is down a publish is dropped without a word; the round trip after it tells. */
async function publishSurely(
  connection: NatsConnection,
  subject: string,
  payload: JsonValue,
  reply?: string,
): Promise<void> {
  try {
    connection.publish(subject, JSON.stringify(payload), reply === undefined ? {} : { reply });
    await connection.flush();
  } catch (error) {
    throw natsFailure(error, "publishing");
  }
}

const defaultTimeoutMs = 60_000;

class SubjectQuestion {
  readonly #connection: NatsConnection;
  readonly #clock: Clock;
  readonly #subject: string;
  readonly #task: JsonValue;
  readonly #options: SubjectAskOptions;
  /** Nobody else's: inbox names are random and never given twice. */
  readonly #inbox: string = createInbox();

  constructor(
    connection: NatsConnection,
    clock: Clock,
    subject: string,
    question: { readonly [key: string]: JsonValue },
    options: SubjectAskOptions,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#subject = subject;
    this.#options = options;
    this.#task = {
      event_type: "task",
      sender_subject_id: "colloquy",
      event_data: { ...question, question_id: this.#inbox },
    };
  }

  async answer(): Promise<HumanEvent> {
    const { answer = "reply", timeoutMs = defaultTimeoutMs, signal } = this.#options;
    signal?.throwIfAborted();
    const isReply = answer === "reply";
    const subject = isReply ? this.#inbox : answerSubject(this.#subject);
    let settle: (event: HumanEvent) => void = () => {};
    let fail: (error: unknown) => void = () => {};
    const settled = new Promise<HumanEvent>((resolve, reject) => {
      [settle, fail] = [resolve, reject];
    });
    settled.catch(() => {});
    const subscription = await subscribed(this.#connection, subject, (message) => {
      if (isReply && isNobody(message)) return fail(nobodyListens());
      const event = readHumanEvent(message.data);
      if (isReply || this.#isMine(event)) settle(event);
    });
    const timer = this.#clock.setTimer(this.#clock.now() + timeoutMs, () => fail(late(timeoutMs)));
    const abort = (): void => fail(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await publishSurely(this.#connection, this.#subject, this.#task, isReply ? this.#inbox : undefined);
      return await settled;
    } finally {
      timer.cancel();
      signal?.removeEventListener("abort", abort);
      subscription.unsubscribe();
    }
  }

  #isMine(event: HumanEvent): boolean {
    const { isMine } = this.#options;
    if (isMine) return isMine(event, this.#inbox);
    const named = isRecord(event.payload) ? event.payload["question_id"] : undefined;
    return named === undefined || named === this.#inbox;
  }
}

/** The server's own answer to a request that no subscription would get. */
function isNobody({ headers, data }: Msg): boolean {
  return headers?.code === 503 && data.length === 0;
}

function nobodyListens(): ColloquyError {
  return new ColloquyError({
    code: "REMOTE_NOT_FOUND",
    message: "Nobody listens on this subject, so nobody was asked.",
    providerId: "org-nats",
    operation: "ask",
  });
}

function late(timeoutMs: number): ColloquyError {
  return new ColloquyError({
    code: "WAIT_TIMEOUT",
    outcome: "unknown",
    message: `No answer came within ${timeoutMs} ms.`,
    providerId: "org-nats",
    operation: "ask",
  });
}

// Used alone, without core, there is nobody who gives one.
const machineClock: Clock = {
  // oxlint-disable-next-line no-restricted-properties -- only where no core gives a clock
  now: () => Date.now(),
  setTimer(atMs, run) {
    // oxlint-disable-next-line no-restricted-globals, no-restricted-properties -- only where no core gives a clock
    const timeout = setTimeout(run, Math.max(0, atMs - Date.now()));
    return { cancel: () => clearTimeout(timeout) };
  },
};

const machineRandom = (): number => (globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
