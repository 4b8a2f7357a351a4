import type { AxiosResponse } from "axios";
import { abortReason, sleep, type Timer } from "../clock.js";
import {
  type Failure,
  isColloquyError,
  type RateLimitReading,
  type WireRequest,
  type WireResponse,
} from "../contract/index.js";
import { onAbort } from "./abort-listener.js";
import type { Account } from "./account.js";
import { AnswerReading, isStreamed } from "./answer-reading.js";
import type { Course, Departure } from "./axios-exchange.js";
import { carried, resolveCredential } from "./credentials.js";
import type { ExchangeRequest, OperationResult } from "./exchange.js";
import {
  errorOfCircuit,
  errorOfDecode,
  errorOfFailure,
  errorOfFault,
  type FailureContext,
  placed,
  readFailure,
} from "./failures.js";
import { classifyFault, type Fault, isCertainlyUnsent } from "./fault.js";
import { deadlineError } from "./gate.js";
import type { Grant } from "./grant.js";
import type { HostCircuit } from "./host-circuit.js";
import { permitRequestOf } from "./permit-request.js";
import type { Reading } from "./read-answer.js";
import { askedWaitMs, readingsOf } from "./readings.js";
import { contentOf } from "./redact.js";
import { type AttemptOutcome, decideRetry, type RetryDecision } from "./retry.js";
import { readWireResponse } from "./wire-response.js";
import type { Workshop } from "./workshop.js";

/** An answer and all that was read from it. */
interface Answer {
  readonly response: WireResponse;
  readonly failure: Failure | undefined;
  readonly readings: readonly RateLimitReading[];
  readonly retryAfterMs: number | undefined;
}

/** One logical call, from queueing to the decoded answer. axios and axios-retry ask it what to do. */
export class Execution<Input, Output> implements Course {
  readonly #workshop: Workshop;
  readonly #account: Account;
  readonly #accountKey: string;
  readonly #request: ExchangeRequest<Input, Output>;
  readonly #wire: WireRequest;
  readonly #startedAtMs: number;
  readonly #tokens = new Set<string>();
  readonly #streaming: AnswerReading<Output> | undefined;

  readonly #circuit: HostCircuit;
  /** This attempt finds out whether a host that failed is well again. */
  #isLookout = false;
  #grant: Grant | undefined;
  #controller: AbortController | undefined;
  #timer: Timer | undefined;
  #sentAtMs = 0;
  /** Whether this attempt went to the network: only then can anything have happened. */
  #hasLeft = false;
  #interruption: "timeout" | "cancelled" | undefined;
  #isPaced = false;

  #attempts = 0;
  #refusals = 0;
  #waitMs = 0;
  #busyMs = 0;
  #answer: Answer | undefined;
  #fault: { readonly fault: Fault; readonly error: unknown } | undefined;
  #decision: RetryDecision = { repeat: false, because: "final" };

  constructor(
    workshop: Workshop,
    account: Account,
    accountKey: string,
    request: ExchangeRequest<Input, Output>,
    wire: WireRequest,
    startedAtMs: number = workshop.clock.now(),
  ) {
    this.#workshop = workshop;
    this.#account = account;
    this.#accountKey = accountKey;
    this.#request = request;
    this.#wire = wire;
    this.#circuit = workshop.circuitOf(request.provider.baseUrl);
    this.#startedAtMs = startedAtMs;
    const { operation, onPiece } = request;
    if (isStreamed(operation)) this.#streaming = new AnswerReading(operation, onPiece, (run) => this.#whileTaken(run));
  }

  get reading(): Reading | undefined {
    const streaming = this.#streaming;
    if (!streaming) return undefined;
    return {
      onHead: (status, headers) => this.#onHead(streaming, status, headers),
      onText: async (text) => {
        await streaming.take(text);
        this.#expectMore();
      },
    };
  }

  /** Attempts that left, refused ones included. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Time spent waiting for permits. */
  get waitMs(): number {
    return this.#waitMs;
  }

  get status(): number | undefined {
    return this.#answer?.response.status;
  }

  /** `grant`: it has waited for its first permits already. */
  async run(grant?: Grant): Promise<OperationResult<Output>> {
    const { provider, operation, signal, session } = this.#request;
    let stopListening = (): void => {};
    try {
      const first = await this.#depart(false, grant);
      stopListening = onAbort(signal, () => this.#interrupt("cancelled"));
      if (signal?.aborted) throw abortReason(signal);
      await this.#workshop.exchange.send(provider.baseUrl, this.#wire, first, this);
      return this.#result();
    } catch (error) {
      throw this.#errorOf(error);
    } finally {
      this.#timer?.cancel();
      stopListening();
      this.#grant?.settle({ kind: "unsent" });
      if (this.#isLookout) this.#circuit.abandoned(this.#workshop.clock.now());
      this.#account.release(operation, session?.id);
    }
  }

  onDeparture(): void {
    this.#sentAtMs = this.#workshop.clock.now();
    this.#hasLeft = true;
    this.#attempts++;
  }

  onAnswer(response: AxiosResponse<Uint8Array>): boolean {
    const nowMs = this.#land();
    // Its head was an answer already, and all that followed was taken.
    if (this.#streaming?.isUnderWay) return false;
    return this.#judge(readWireResponse(response.status, response.headers, response.data, nowMs), nowMs);
  }

  /** True for a success, whose body is read while it comes. */
  #onHead(streaming: AnswerReading<Output>, status: number, headers: Readonly<Record<string, unknown>>): boolean {
    const nowMs = this.#workshop.clock.now();
    const head = readWireResponse(status, headers, new Uint8Array(), nowMs);
    const { provider, operation } = this.#request;
    if (status < 200 || status >= 300 || readFailure(provider, operation, head)) return false;
    // Its limits count from the head on; how long the body takes says nothing of them.
    this.#judge(head, nowMs);
    streaming.begin(head);
    this.#expectMore();
    return true;
  }

  /** The time of a whole attempt ends at the head; from then on only a pause of the body is too long. */
  #expectMore(): void {
    const { deadlineAtMs = Number.POSITIVE_INFINITY } = this.#request;
    const idleUntilMs = this.#workshop.clock.now() + (this.#streaming?.idleTimeoutMs ?? 0);
    this.#rearm(Math.min(idleUntilMs, deadlineAtMs));
  }

  /** While the caller takes a piece, the sender is not waited for. */
  async #whileTaken(run: () => void | Promise<void>): Promise<void> {
    this.#rearm(this.#request.deadlineAtMs);
    await run();
  }

  #rearm(untilMs: number | undefined): void {
    this.#timer?.cancel();
    this.#timer =
      untilMs === undefined || untilMs === Number.POSITIVE_INFINITY
        ? undefined
        : this.#workshop.clock.setTimer(untilMs, () => this.#interrupt("timeout"));
  }

  #judge(read: WireResponse, nowMs: number): boolean {
    const { provider, operation } = this.#request;
    const failure = readFailure(provider, operation, read);
    const readings = readingsOf(provider, operation, read);
    const retryAfterMs = askedWaitMs(readings, failure, read);
    this.#answer = { response: read, failure, readings, retryAfterMs };
    this.#fault = undefined;
    this.#isLookout = false;
    const isRefused = failure !== undefined && (failure.code === "RATE_LIMITED" || read.status === 429);
    // Some services say it with a 5xx: whoever refuses for the rate is well.
    if (isRefused || read.status < 500 || read.status === 501 || read.status === 505) this.#circuit.answered();
    else this.#circuit.failed("unavailable", nowMs, retryAfterMs);
    if (isRefused) this.#refusals++;
    this.#account.roundTrip.observe(nowMs - this.#sentAtMs);
    this.#grant?.settle({
      kind: "answered",
      sentAtMs: this.#sentAtMs,
      atMs: nowMs,
      isRefused,
      readings,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    this.#workshop.onAttempt(this.#request, {
      attempt: this.#attempts,
      status: read.status,
      durationMs: nowMs - this.#sentAtMs,
      isRefused,
    });
    if (!failure) return false;
    return this.#decide({
      kind: "answered",
      status: read.status,
      failure,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  onFault(error: unknown): boolean {
    if (!this.#hasLeft && this.#interruption) throw this.#recalled();
    const nowMs = this.#land();
    const fault = this.#interruption ?? classifyFault(error);
    this.#fault = { fault, error };
    if (fault === "unreachable") {
      this.#isLookout = false;
      this.#circuit.failed("unreachable", nowMs, undefined);
    }
    this.#grant?.settle(isCertainlyUnsent(fault) ? { kind: "unsent" } : { kind: "lost", atMs: nowMs });
    this.#workshop.onAttempt(this.#request, {
      attempt: this.#attempts,
      fault,
      durationMs: nowMs - this.#sentAtMs,
      isRefused: false,
    });
    return this.#decide({ kind: "fault", fault });
  }

  async beforeRepeat(): Promise<Departure> {
    const decision = this.#decision;
    if (decision.repeat && decision.wait === "backoff") {
      this.#busyMs += decision.afterMs;
      await sleep(this.#workshop.clock, decision.afterMs, this.#request.signal);
      return this.#depart(false);
    }
    return this.#depart(true);
  }

  /** A provider's own way of carrying the credential. What it puts on the request is as secret as the credential. */
  #authorizing(token: string | undefined): Pick<Departure, "authorize"> {
    const { provider, operation } = this.#request;
    if (token === undefined || !provider.authorize) return {};
    return {
      authorize: (request) => {
        const nowMs = this.#workshop.clock.now();
        const headers = provider.authorize?.({ ...request, nowMs }, token, operation) ?? {};
        for (const value of Object.values(headers)) this.#tokens.add(value);
        return headers;
      },
    };
  }

  /** Waits for the permits, then for the token and the caller's own preparation, and starts the attempt's clock. */
  async #depart(isReturning: boolean, given?: Grant): Promise<Departure> {
    const { provider, operation, session, signal, deadlineAtMs, onDispatch } = this.#request;
    if (!given) this.#assertWorthAsking();
    const grant = given ?? (await this.#acquire(isReturning));
    this.#grant = grant;
    try {
      this.#assertWorthAsking();
      this.#isLookout = this.#circuit.depart(this.#workshop.clock.now()) || this.#isLookout;
      const token = await resolveCredential(provider, operation, session);
      if (token !== undefined) this.#tokens.add(token);
      if (signal?.aborted) throw abortReason(signal);
      await onDispatch?.();
      if (signal?.aborted) throw abortReason(signal);
      const nowMs = this.#workshop.clock.now();
      this.#sentAtMs = nowMs;
      this.#hasLeft = false;
      this.#interruption = undefined;
      this.#streaming?.reset();
      this.#controller = new AbortController();
      const untilMs = Math.min(
        nowMs + (operation.attemptTimeoutMs ?? this.#workshop.limits.attemptTimeoutMs),
        deadlineAtMs ?? Number.POSITIVE_INFINITY,
      );
      this.#timer = this.#workshop.clock.setTimer(untilMs, () => this.#interrupt("timeout"));
      const credential = token === undefined ? undefined : carried(provider, operation, token);
      return { credential, signal: this.#controller.signal, ...this.#authorizing(token) };
    } catch (error) {
      grant.settle({ kind: "unsent" });
      throw error;
    }
  }

  #assertWorthAsking(): void {
    const waitMs = this.#isLookout ? undefined : this.#circuit.stayAwayMs(this.#workshop.clock.now());
    if (waitMs === undefined) return;
    // What this call met itself says more.
    if (this.#fault) throw errorOfFault(this.#fault.fault, this.#fault.error, this.#context());
    if (this.#answer?.failure) throw this.#errorOfAnswer();
    throw errorOfCircuit(this.#circuit.cause, waitMs, this.#context());
  }

  async #acquire(isReturning: boolean): Promise<Grant> {
    const askedAtMs = this.#workshop.clock.now();
    const grant = await this.#workshop.gate.acquire({
      ...permitRequestOf(this.#request, this.#account, this.#accountKey),
      isReturning,
      onPaced: (untilMs) => this.#paced(untilMs),
    });
    this.#waitMs += this.#workshop.clock.now() - askedAtMs;
    return grant;
  }

  #paced(untilMs: number): void {
    if (this.#isPaced) return;
    this.#isPaced = true;
    this.#request.onPaced?.(untilMs);
  }

  #interrupt(why: "timeout" | "cancelled"): void {
    this.#interruption ??= why;
    this.#controller?.abort();
  }

  /** Interrupted after its permits were granted and before it left, as while axios-retry pauses: nothing was sent. */
  #recalled(): unknown {
    this.#grant?.settle({ kind: "unsent" });
    const { signal } = this.#request;
    return this.#interruption === "cancelled" && signal ? abortReason(signal) : deadlineError();
  }

  /** The attempt is over, one way or the other. */
  #land(): number {
    const nowMs = this.#workshop.clock.now();
    this.#timer?.cancel();
    this.#busyMs += nowMs - this.#sentAtMs;
    return nowMs;
  }

  #decide(outcome: AttemptOutcome): boolean {
    const { deadlineAtMs, operation } = this.#request;
    if (this.#streaming?.hasGiven) {
      this.#decision = { repeat: false, because: "unsafe" };
      return false;
    }
    this.#decision = decideRetry(outcome, {
      ...this.#workshop.limits,
      repeatable: operation.repeatable,
      attempts: this.#attempts - this.#refusals,
      refusals: this.#refusals,
      nowMs: this.#workshop.clock.now(),
      busyMs: this.#busyMs,
      chance: this.#workshop.random(),
      ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
    });
    return this.#decision.repeat;
  }

  #result(): OperationResult<Output> {
    const { response, failure, readings } = this.#answer as Answer;
    if (failure) throw this.#errorOfAnswer();
    let value: Output;
    try {
      value = this.#streaming ? this.#streaming.end(response) : this.#request.operation.decode(response);
    } catch (error) {
      throw errorOfDecode(error, response, this.#context());
    }
    return {
      value,
      rateLimits: readings,
      attempts: this.#attempts,
      durationMs: this.#workshop.clock.now() - this.#startedAtMs,
      status: response.status,
    };
  }

  #errorOf(error: unknown): unknown {
    const { signal, operation } = this.#request;
    if (this.#fault && error === this.#fault.error) {
      const mayRepeat = operation.repeatable !== "never";
      if (this.#fault.fault === "cancelled" && mayRepeat && signal) return abortReason(signal);
      return errorOfFault(this.#fault.fault, error, this.#context());
    }
    if (this.#streaming?.misread !== undefined && error === this.#streaming.misread)
      return errorOfDecode(error, (this.#answer as Answer).response, this.#context());
    // The wait for another attempt ended at the deadline: what the last attempt met says more.
    if (isColloquyError(error) && error.code === "DEADLINE_EXCEEDED" && this.#attempts > 0) {
      if (this.#fault) return errorOfFault(this.#fault.fault, this.#fault.error, this.#context());
      if (this.#answer?.failure) return this.#errorOfAnswer();
    }
    return placed(error, this.#context());
  }

  #errorOfAnswer(): unknown {
    const { response, failure, readings, retryAfterMs } = this.#answer as Answer;
    return errorOfFailure(failure as Failure, response, this.#context(), {
      rateLimits: readings,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  #context(): FailureContext {
    const { provider, operation, session } = this.#request;
    return {
      provider,
      operation,
      ...(session ? { sessionId: session.id } : {}),
      secrets: [...this.#tokens, ...contentOf(this.#wire.body)],
    };
  }
}
