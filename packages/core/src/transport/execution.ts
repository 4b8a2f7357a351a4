import type { AxiosResponse } from "axios";
import { abortReason, sleep, type Timer } from "../clock.js";
import type { WireRequest, WireResponse } from "../contract/index.js";
import { onAbort } from "./abort-listener.js";
import type { Account } from "./account.js";
import { type Answer, answerOf, isRefusal } from "./answer.js";
import { AnswerReading, isStreamed, type ReadCall } from "./answer-reading.js";
import type { Course, Departure } from "./axios-exchange.js";
import { errorMet, errorOfAnswer, errorOfCall, type MetFault } from "./call-errors.js";
import { carried, resolveCredential } from "./credentials.js";
import type { ExchangeRequest, OperationResult } from "./exchange.js";
import { errorOfCircuit, errorOfDecode, type FailureContext } from "./failures.js";
import { classifyFault, isCertainlyUnsent } from "./fault.js";
import { deadlineError } from "./gate.js";
import type { Grant } from "./grant.js";
import type { HostCircuit } from "./host-circuit.js";
import { ownAuthorization } from "./own-authorization.js";
import { permitRequestOf } from "./permit-request.js";
import type { Reading } from "./read-answer.js";
import { contentOf } from "./redact.js";
import { type AttemptOutcome, decideRetry, type RetryDecision } from "./retry.js";
import { readWireResponse } from "./wire-response.js";
import type { Workshop } from "./workshop.js";

/** One logical call, from queueing to the decoded answer. axios and axios-retry ask it what to do. */
export class Execution<Input, Output> implements Course {
  readonly #workshop: Workshop;
  readonly #account: Account;
  readonly #accountKey: string;
  readonly #request: ExchangeRequest<Input, Output>;
  readonly #wire: WireRequest;
  readonly #startedAtMs: number;
  readonly #tokens = new Set<string>();
  readonly #streaming: AnswerReading<Input, Output> | undefined;

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
  #fault: MetFault | undefined;
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
    if (isStreamed(request.operation)) this.#streaming = new AnswerReading(request.operation, this.#readCall());
  }

  get reading(): Reading | undefined {
    return this.#streaming;
  }

  get assertMayLeave(): (() => void) | undefined {
    return this.#request.assertMayLeave;
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

  #readCall(): ReadCall {
    return {
      request: this.#request,
      clock: this.#workshop.clock,
      judge: (head, nowMs) => void this.#judge(head, nowMs),
      rearm: (untilMs) => this.#rearm(untilMs),
    };
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
    const answer = answerOf(provider, operation, read);
    const { failure, readings, retryAfterMs } = answer;
    this.#answer = answer;
    this.#fault = undefined;
    this.#isLookout = false;
    const isRefused = isRefusal(answer);
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

  /** Waits for the permits, then for the token and the caller's own preparation, and starts the attempt's clock. */
  async #depart(isReturning: boolean, given?: Grant): Promise<Departure> {
    const { provider, operation, session, signal, deadlineAtMs, onDispatch } = this.#request;
    const { clock, limits } = this.#workshop;
    if (!given) this.#assertWorthAsking();
    const grant = given ?? (await this.#acquire(isReturning));
    this.#grant = grant;
    try {
      this.#assertWorthAsking();
      this.#isLookout = this.#circuit.depart(clock.now()) || this.#isLookout;
      const token = await resolveCredential(provider, operation, session);
      if (token !== undefined) this.#tokens.add(token);
      if (signal?.aborted) throw abortReason(signal);
      await onDispatch?.();
      if (signal?.aborted) throw abortReason(signal);
      const nowMs = clock.now();
      this.#sentAtMs = nowMs;
      this.#hasLeft = false;
      this.#interruption = undefined;
      this.#streaming?.reset();
      this.#controller = new AbortController();
      const untilMs = Math.min(
        nowMs + (operation.attemptTimeoutMs ?? limits.attemptTimeoutMs),
        deadlineAtMs ?? Number.POSITIVE_INFINITY,
      );
      this.#timer = clock.setTimer(untilMs, () => this.#interrupt("timeout"));
      const credential = token === undefined ? undefined : carried(provider, operation, token);
      return {
        credential,
        signal: this.#controller.signal,
        ...ownAuthorization(provider, operation, token, clock, this.#tokens),
      };
    } catch (error) {
      grant.settle({ kind: "unsent" });
      throw error;
    }
  }

  #assertWorthAsking(): void {
    const waitMs = this.#isLookout ? undefined : this.#circuit.stayAwayMs(this.#workshop.clock.now());
    if (waitMs === undefined) return;
    const context = this.#context();
    // What this call met itself says more.
    const met = errorMet({ fault: this.#fault, answer: this.#answer }, context);
    throw met ?? errorOfCircuit(this.#circuit.cause, waitMs, context);
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
    const answer = this.#answer as Answer;
    const { response, failure, readings } = answer;
    if (failure) throw errorOfAnswer(answer, failure, this.#context());
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
    const met = {
      attempts: this.#attempts,
      fault: this.#fault,
      answer: this.#answer,
      misread: this.#streaming?.misread,
    };
    return errorOfCall(error, met, this.#request.signal, this.#context());
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
