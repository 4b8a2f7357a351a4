import type { AnyProvider } from "../contract/index.js";
import type { Telemetry } from "../telemetry.js";
import type { Account } from "./account.js";
import { assertCredentialPossible } from "./credentials.js";
import type { ExchangeRequest, OperationResult } from "./exchange.js";
import { Execution } from "./execution.js";
import { placed } from "./failures.js";
import { type Rank, rankOf } from "./fair-queue.js";
import type { Grant } from "./grant.js";
import { openMedia } from "./media/open-media.js";
import { permitRequestOf } from "./permit-request.js";
import { isListening, observe } from "./reports.js";
import { mintRequestId } from "./request-id.js";
import { Waiter } from "./waiter.js";
import { buildWireRequest, carriedWith } from "./wire-request.js";
import type { Workshop } from "./workshop.js";

/** What is known behind one provider instance. */
export interface KnownAccount {
  readonly key: string;
  readonly account: Account;
}

/** Takes calls in, lets wait what must, and has the others carried out. */
export class Dispatcher {
  readonly #workshop: Workshop;
  readonly #telemetry: Telemetry;
  readonly #accountOf: (provider: AnyProvider) => KnownAccount;

  constructor(workshop: Workshop, telemetry: Telemetry, accountOf: (provider: AnyProvider) => KnownAccount) {
    this.#workshop = workshop;
    this.#telemetry = telemetry;
    this.#accountOf = accountOf;
  }

  /** The outcome of one call. Nothing that was refused here was sent. */
  execute<Input, Output>(request: ExchangeRequest<Input, Output>): Promise<OperationResult<Output>> {
    if (request.operation.media?.(request.input) !== undefined) return this.#upload(request);
    const { key, account } = this.#accountOf(request.provider);
    let execution: Execution<Input, Output>;
    try {
      execution = this.#prepare(request);
    } catch (error) {
      return Promise.reject(placedFor(request, error));
    }
    if (isListening(this.#telemetry)) return observe(this.#telemetry, request, execution);
    const { gate, clock } = this.#workshop;
    // A host that is not well is told of before anybody waits for it.
    const circuit = this.#workshop.circuitOf(request.provider.baseUrl);
    if (circuit.stayAwayMs(clock.now()) !== undefined) return execution.run();
    const permits = permitRequestOf(request, account, key);
    const grant = gate.grantNow(permits);
    if (grant) return execution.run(grant);
    const { onPaced } = request;
    return new Promise((resolve) => {
      const waiting = new WaitingCall(this, request, clock.now(), resolve, rankOf(request.priority));
      gate.wait(onPaced ? { ...permits, onPaced } : permits, waiting);
    });
  }

  /** Carries out what had to wait: written anew, as nothing but the request was kept. */
  resume<Input, Output>(
    request: ExchangeRequest<Input, Output>,
    grant: Grant,
    askedAtMs: number,
  ): Promise<OperationResult<Output>> {
    try {
      return this.#prepare(request, askedAtMs).run(grant);
    } catch (error) {
      grant.settle({ kind: "unsent" });
      return Promise.reject(placedFor(request, error));
    }
  }

  #prepare<Input, Output>(request: ExchangeRequest<Input, Output>, startedAtMs?: number): Execution<Input, Output> {
    const { provider, operation, session, input } = request;
    assertCredentialPossible(provider, operation, session);
    const { key, account } = this.#accountOf(provider);
    const wire = buildWireRequest(operation, input, this.#encodeContext(request));
    return new Execution(this.#workshop, account, key, request, wire, startedAtMs);
  }

  #encodeContext({ session }: Pick<ExchangeRequest<never, unknown>, "session">): {
    readonly requestId: string;
    readonly remoteId?: string;
  } {
    const requestId = mintRequestId(this.#workshop.random);
    return session?.remoteId === undefined ? { requestId } : { requestId, remoteId: session.remoteId };
  }

  async #upload<Input, Output>(request: ExchangeRequest<Input, Output>): Promise<OperationResult<Output>> {
    const { provider, operation, session, input, signal } = request;
    const { limits } = this.#workshop;
    const { key, account } = this.#accountOf(provider);
    let media: Awaited<ReturnType<typeof openMedia>>;
    try {
      assertCredentialPossible(provider, operation, session);
      media = await openMedia(operation, input, limits.maxRequestBytes, signal);
      const context = this.#encodeContext(request);
      const wire = buildWireRequest(operation, input, media ? { ...context, media } : context);
      const carried = media ? carriedWith(operation, media, limits.attemptTimeoutMs) : operation;
      const execution = new Execution(this.#workshop, account, key, { ...request, operation: carried }, wire);
      return await (isListening(this.#telemetry) ? observe(this.#telemetry, request, execution) : execution.run());
    } catch (error) {
      throw placedFor(request, error);
    } finally {
      await media?.close();
    }
  }
}

/** A call that waits for its permits, and nothing more than that. */
class WaitingCall<Input, Output> extends Waiter {
  readonly #dispatcher: Dispatcher;
  readonly #request: ExchangeRequest<Input, Output>;
  readonly #askedAtMs: number;
  readonly #resolve: (result: Promise<OperationResult<Output>>) => void;

  constructor(
    dispatcher: Dispatcher,
    request: ExchangeRequest<Input, Output>,
    askedAtMs: number,
    resolve: (result: Promise<OperationResult<Output>>) => void,
    rank: Rank,
  ) {
    super(rank);
    this.#dispatcher = dispatcher;
    this.#request = request;
    this.#askedAtMs = askedAtMs;
    this.#resolve = resolve;
  }

  override granted(grant: Grant): void {
    this.#resolve(this.#dispatcher.resume(this.#request, grant, this.#askedAtMs));
  }

  override refused(reason: unknown): void {
    this.#resolve(Promise.reject(placedFor(this.#request, reason)));
  }
}

/** Nothing but the provider's and the operation's name goes into such an error, so there is nothing to redact. */
function placedFor<Input, Output>(
  { provider, operation, session }: ExchangeRequest<Input, Output>,
  error: unknown,
): unknown {
  return placed(error, { provider, operation, ...(session ? { sessionId: session.id } : {}), secrets: [] });
}
