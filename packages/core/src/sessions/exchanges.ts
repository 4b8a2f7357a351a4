import type { CancelSignal } from "../cancellation.js";
import { abortReason } from "../clock.js";
import {
  type AnyOperation,
  type AnyProvider,
  ColloquyError,
  isColloquyError,
  type Learned,
  type Operation,
  type Priority,
  type Procedure,
  type SessionId,
} from "../contract/index.js";
import type { SessionRecord } from "../store/store.js";
import type { ExchangeRequest, ExchangeSession, OperationResult } from "../transport/exchange.js";
import { isSpent } from "../transport/media/open-stream.js";
import type { Runtime } from "./runtime.js";

export interface ExchangeOptions {
  readonly signal?: CancelSignal;
  readonly deadlineAtMs?: number;
  readonly priority?: Priority;
  readonly onDispatch?: () => Promise<void>;
  readonly assertMayLeave?: () => void;
  readonly onPaced?: (untilMs: number) => void;
  readonly onPiece?: (piece: unknown) => void | Promise<void>;
}

/** What an exchange needs to know of its session: enough for limits, keys and path. */
export type ExchangeSubject = Pick<SessionRecord, "id" | "remoteId" | "settings">;

/** Makes calls for one provider: adds the session's keys, keeps what answers teach, and heals a key that was replaced elsewhere. */
export class Exchanges {
  readonly #runtime: Runtime;
  readonly #provider: AnyProvider;
  readonly #lookUps = new Map<SessionId, Promise<Readonly<Record<string, string>>>>();
  /** Told what an answer taught about a session, so that its record can be kept in step. */
  readonly #onLearned: (sessionId: SessionId, learned: Learned) => Promise<void>;

  constructor(
    runtime: Runtime,
    provider: AnyProvider,
    onLearned: (sessionId: SessionId, learned: Learned) => Promise<void> = async () => {},
  ) {
    this.#runtime = runtime;
    this.#provider = provider;
    this.#onLearned = onLearned;
  }

  /** One call. A session key that the provider refuses is looked up once more, as it may have been replaced elsewhere. */
  async execute<Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    subject: ExchangeSubject | undefined,
    options: ExchangeOptions = {},
  ): Promise<OperationResult<Output>> {
    if (operation.service) return this.#locally(operation, input, subject, options);
    // The key that the last attempt carried: while it was on its way, another call may have replaced the stored one.
    let usedKey: string | undefined;
    const request = this.#request(operation, input, subject, options, (key) => {
      usedKey = key;
    });
    try {
      return await this.#once(request, operation, subject);
    } catch (error) {
      if (!subject || !isSessionKeyRefused(error, operation)) throw error;
      const isReplaced = await this.#keyChanged(subject, usedKey, options);
      // A stream that was read cannot be sent again; the caller's next call has the right key.
      if (!isReplaced || isSpent(operation.media?.(input))) throw error;
      return this.#once(request, operation, subject);
    }
  }

  /** Core's own service answers: there is no queue, no attempt and no key. */
  async #locally<Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    subject: ExchangeSubject | undefined,
    { signal, deadlineAtMs, onDispatch }: ExchangeOptions,
  ): Promise<OperationResult<Output>> {
    const { local, clock } = this.#runtime;
    if (!local) throw unsupported(this.#provider, operation.name);
    const startedAtMs = clock.now();
    if (signal?.aborted) throw abortReason(signal);
    await onDispatch?.();
    const response = await local(operation, input, {
      providerId: this.#provider.id,
      ...(subject?.remoteId === undefined ? {} : { remoteId: subject.remoteId }),
      ...(signal ? { signal } : {}),
      ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
    });
    const { status } = response;
    const value = operation.decode(response);
    return { value, rateLimits: [], attempts: 1, durationMs: clock.now() - startedAtMs, status };
  }

  /** Runs a procedure to its end, making each call that it asks for. */
  async run<Result>(
    procedure: Procedure<Result>,
    subject: ExchangeSubject | undefined,
    options: ExchangeOptions = {},
  ): Promise<Result> {
    let step = procedure.next();
    while (!step.done) {
      const { operation, input } = step.value;
      try {
        const { value } = await this.execute(operation as Operation<unknown, unknown>, input, subject, options);
        step = procedure.next(value);
      } catch (error) {
        step = procedure.throw(error);
      }
    }
    return step.value;
  }

  #request<Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    subject: ExchangeSubject | undefined,
    options: ExchangeOptions,
    onKey: (key: string | undefined) => void,
  ): ExchangeRequest<Input, Output> {
    return {
      provider: this.#provider,
      operation,
      input,
      ...options,
      ...(subject ? { session: this.#session(subject, onKey) } : {}),
    };
  }

  #session(subject: ExchangeSubject, onKey: (key: string | undefined) => void): ExchangeSession {
    return {
      id: subject.id,
      ...(subject.remoteId === undefined ? {} : { remoteId: subject.remoteId }),
      settings: subject.settings,
      secrets: async () => {
        const secrets = await this.#secrets(subject);
        onKey(secrets["session_key"]);
        return secrets;
      },
    };
  }

  async #once<Input, Output>(
    request: ExchangeRequest<Input, Output>,
    operation: Operation<Input, Output>,
    subject: ExchangeSubject | undefined,
  ): Promise<OperationResult<Output>> {
    const result = await this.#runtime.transport.execute(request);
    const learned = operation.learn?.(result.value);
    if (learned && subject) {
      if (learned.secrets) await this.#runtime.store.secrets.put(subject.id, learned.secrets);
      await this.#onLearned(subject.id, learned);
    }
    return result;
  }

  /** The session's keys; looked up at the provider when the store has none, for example after a crash during creation. */
  async #secrets(subject: ExchangeSubject): Promise<Readonly<Record<string, string>>> {
    const stored = await this.#runtime.store.secrets.get(subject.id);
    const isMissing = this.#provider.manifest.credentials.some(
      ({ kind, from, required }) => from === "session_secret" && required && stored[kind] === undefined,
    );
    return isMissing && subject.remoteId !== undefined ? this.#lookUpSecrets(subject, {}) : stored;
  }

  /** However many calls find the key refused at once, the provider is asked once. */
  #lookUpSecrets(subject: ExchangeSubject, options: ExchangeOptions): Promise<Readonly<Record<string, string>>> {
    const known = this.#lookUps.get(subject.id);
    if (known) return known;
    const looking = this.#askForSecrets(subject, options).finally(() => this.#lookUps.delete(subject.id));
    this.#lookUps.set(subject.id, looking);
    return looking;
  }

  async #askForSecrets(subject: ExchangeSubject, options: ExchangeOptions): Promise<Readonly<Record<string, string>>> {
    const { secrets } = this.#runtime.store;
    const before = await secrets.get(subject.id);
    const { priority } = options;
    // Without the session: its own key is what is missing. Without the signal of one caller: others wait for it too.
    const found = await this.run(
      this.#provider.attach(subject.remoteId as string),
      undefined,
      priority ? { priority } : {},
    );
    const now = await secrets.get(subject.id);
    // Replaced here while the provider was being asked: what it told is older than what is stored.
    if (now["session_key"] === before["session_key"]) await secrets.put(subject.id, found.secrets);
    return secrets.get(subject.id);
  }

  /** Whether there is another key than the refused one: stored by another call meanwhile, or told by the provider. */
  async #keyChanged(subject: ExchangeSubject, usedKey: string | undefined, options: ExchangeOptions): Promise<boolean> {
    if (subject.remoteId === undefined) return false;
    try {
      const stored = await this.#runtime.store.secrets.get(subject.id);
      if (stored["session_key"] !== undefined && stored["session_key"] !== usedKey) return true;
      const after = await this.#lookUpSecrets(subject, options);
      return after["session_key"] !== usedKey;
    } catch {
      // The refusal is what the caller should hear, not that the look-up failed too.
      return false;
    }
  }
}

function isSessionKeyRefused(error: unknown, operation: AnyOperation): boolean {
  return operation.credential === "session_key" && isColloquyError(error) && error.code === "CREDENTIAL_REJECTED";
}

/** The refusal of a capability that the provider does not declare. Nothing was sent. */
export function unsupported(provider: AnyProvider, capability: string): ColloquyError {
  return new ColloquyError({
    code: "UNSUPPORTED",
    message: `${provider.manifest.displayName} sessions cannot do this: the provider does not declare "${capability}".`,
    providerId: provider.id,
  });
}
