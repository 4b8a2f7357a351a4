import { abortReason, type Clock, type Timer } from "../clock.js";
import { ColloquyError, type Priority } from "../contract/index.js";
import { onAbort } from "./abort-listener.js";
import { blame } from "./blame.js";
import { Bucket } from "./bucket.js";
import { type Queued, type Rank, rankOf, type StandingLine, TurnRing, WaitingLine } from "./fair-queue.js";
import { MinHeap } from "./min-heap.js";
import type { AnsweredFate, Fate, Permit, Resource } from "./resource.js";
import type { WakeScheduler } from "./wake.js";

/** What one request asks of the gate. */
export interface PermitRequest {
  /** Requests with one key stand in one line: the same session and the same resources. */
  readonly lineKey: string;
  readonly resources: readonly Resource[];
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  readonly deadlineAtMs?: number;
  /** Back to the front of its line: it had its permit and was refused. */
  readonly isReturning?: boolean;
  readonly onPaced?: (untilMs: number) => void;
}

/** Permits of all resources that a request asked for, together. */
export class Grant {
  readonly #gate: Gate;
  readonly #resources: readonly Resource[];
  readonly #permits: readonly Permit[];
  #isSettled = false;

  constructor(gate: Gate, resources: readonly Resource[], permits: readonly Permit[]) {
    this.#gate = gate;
    this.#resources = resources;
    this.#permits = permits;
  }

  /** Tells what became of the request. A second time does nothing. */
  settle(fate: Fate): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const known = fate.kind === "answered" && fate.isRefused ? { ...fate, blamed: this.#blamed(fate) } : fate;
    for (const permit of this.#permits) permit.settle(known);
    for (const resource of this.#resources) this.#gate.refresh(resource);
  }

  #blamed(fate: AnsweredFate): readonly Resource[] {
    return blame(
      this.#resources.filter((resource): resource is Bucket => resource instanceof Bucket),
      fate,
    );
  }
}

/** One request that waits. */
class Waiter implements Queued<Waiter> {
  readonly rank: Rank;
  readonly line: Line;
  readonly resolve: (grant: Grant) => void;
  readonly reject: (reason: unknown) => void;
  stopListening: (() => void) | undefined = undefined;
  isWaiting = true;
  before: Waiter | undefined = undefined;
  after: Waiter | undefined = undefined;

  constructor(line: Line, rank: Rank, resolve: (grant: Grant) => void, reject: (reason: unknown) => void) {
    this.line = line;
    this.rank = rank;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** The waiters of one session for one set of resources. It always stands at exactly one of them: the first that said no. */
class Line {
  readonly key: string;
  readonly resources: readonly Resource[];
  readonly waiters: WaitingLine<Waiter> = new WaitingLine<Waiter>();
  at: Resource | undefined = undefined;
  rank: Rank = 1;

  constructor(key: string, resources: readonly Resource[]) {
    this.key = key;
    this.resources = resources;
  }
}

interface Wake {
  readonly atMs: number;
  readonly resource: Resource | undefined;
  readonly waiter: Waiter | undefined;
}

/**
 * Grants permits: fair between sessions, together or not at all, and never one above what a resource allows.
 * While nobody waits it costs two comparisons and holds no timer.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #wake: WakeScheduler;
  readonly #lines = new Map<string, Line>();
  readonly #wakes = new MinHeap<Wake>((wake) => wake.atMs);
  #armed: Timer | undefined;
  #armedAtMs = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(clock: Clock, wake: WakeScheduler) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** How many requests wait for a permit of this resource, also those that stand at another one first. */
  queuedFor(resource: Resource): number {
    let count = 0;
    for (const line of this.#lines.values()) if (line.resources.includes(resource)) count += line.waiters.count;
    return count;
  }

  /** A grant at once when nothing is in the way, otherwise a promise of one. */
  acquire(request: PermitRequest): Grant | Promise<Grant> {
    if (this.#isClosed) return Promise.reject(closedError());
    if (request.signal?.aborted) return Promise.reject(abortReason(request.signal));
    const nowMs = this.#clock.now();
    if (request.deadlineAtMs !== undefined && request.deadlineAtMs <= nowMs) return Promise.reject(deadlineError());
    const line = this.#lines.get(request.lineKey);
    if (!line && this.#isFree(request.resources, nowMs)) return this.#grant(request.resources, nowMs);
    return this.#enqueue(request, line, nowMs);
  }

  /** Looks again at a resource whose state changed. */
  refresh(resource: Resource): void {
    if (resource.waiting && !this.#isClosed) this.#serve(resource, this.#clock.now());
  }

  /** Ends all that wait in lines whose key begins so. */
  dropLines(keyPrefix: string): void {
    for (const [key, line] of this.#lines)
      if (key.startsWith(keyPrefix))
        for (let head = line.waiters.head(); head; head = line.waiters.head()) this.#leave(head, closedError());
  }

  close(): void {
    this.#isClosed = true;
    this.#armed?.cancel();
    this.dropLines("");
  }

  #isFree(resources: readonly Resource[], nowMs: number): boolean {
    for (const resource of resources) if (resource.waiting || resource.freeAt(nowMs) > nowMs) return false;
    return true;
  }

  #grant(resources: readonly Resource[], nowMs: number): Grant {
    return new Grant(
      this,
      resources,
      resources.map((resource) => resource.take(nowMs)),
    );
  }

  #enqueue(request: PermitRequest, existing: Line | undefined, nowMs: number): Promise<Grant> {
    const blocked = firstDenied(request.resources, nowMs);
    const knownMs = blocked?.freeAt(nowMs) ?? nowMs;
    if (request.deadlineAtMs !== undefined && Number.isFinite(knownMs) && knownMs > request.deadlineAtMs)
      return Promise.reject(deadlineError(knownMs - nowMs));
    const line = existing ?? this.#newLine(request);
    return new Promise<Grant>((resolve, reject) => {
      const waiter = new Waiter(line, rankOf(request.priority), resolve, reject);
      if (request.isReturning) line.waiters.pushFront(waiter);
      else line.waiters.pushBack(waiter);
      if (request.signal) {
        const { signal } = request;
        waiter.stopListening = onAbort(signal, () => this.#leave(waiter, abortReason(signal)));
      }
      if (request.deadlineAtMs !== undefined) this.#plan({ atMs: request.deadlineAtMs, resource: undefined, waiter });
      this.#stand(line, line.at ?? blocked ?? (request.resources[0] as Resource), false);
      if (line.at) this.#serve(line.at, nowMs);
      if (waiter.isWaiting && request.onPaced) request.onPaced(Number.isFinite(knownMs) ? knownMs : nowMs);
    });
  }

  #newLine(request: PermitRequest): Line {
    const line = new Line(request.lineKey, request.resources);
    this.#lines.set(line.key, line);
    return line;
  }

  /** Puts a line where it waits, in the ring of its best waiter. */
  #stand(line: Line, resource: Resource, isEarly: boolean): void {
    const head = line.waiters.head();
    if (!head) return;
    if (line.at === resource && line.rank === head.rank && !isEarly) return;
    this.#unstand(line);
    line.at = resource;
    line.rank = head.rank;
    resource.waiting ??= new TurnRing<StandingLine>();
    resource.waiting.add(line, line.rank, isEarly);
  }

  #unstand(line: Line): void {
    const { at } = line;
    if (!at?.waiting) return;
    at.waiting.remove(line, line.rank);
    if (at.waiting.isEmpty) at.waiting = undefined;
    line.at = undefined;
  }

  /** Grants while this resource has permits and lines, then plans when to look again. */
  #serve(resource: Resource, nowMs: number): void {
    let freeAtMs = resource.freeAt(nowMs);
    while (resource.waiting && freeAtMs <= nowMs) {
      const line = resource.waiting.next() as Line;
      const denied = firstDenied(line.resources, nowMs);
      if (denied) {
        // Its turn came, only another resource was not ready: there it goes before those that come later.
        this.#stand(line, denied, true);
        this.#planFor(denied, nowMs);
      } else {
        this.#admit(line, nowMs);
        if (line.waiters.count > 0) {
          this.#unstand(line);
          this.#stand(line, resource, false);
        }
      }
      freeAtMs = resource.freeAt(nowMs);
    }
    if (resource.waiting) this.#planFor(resource, nowMs);
  }

  #admit(line: Line, nowMs: number): void {
    const waiter = line.waiters.head() as Waiter;
    const grant = this.#grant(line.resources, nowMs);
    this.#remove(waiter);
    waiter.resolve(grant);
  }

  #leave(waiter: Waiter, reason: unknown): void {
    if (!waiter.isWaiting) return;
    const { line } = waiter;
    this.#remove(waiter);
    if (line.at && line.waiters.count > 0) this.#stand(line, line.at, false);
    waiter.reject(reason);
  }

  #remove(waiter: Waiter): void {
    const { line } = waiter;
    waiter.isWaiting = false;
    line.waiters.remove(waiter);
    waiter.stopListening?.();
    if (line.waiters.count > 0) return;
    this.#unstand(line);
    this.#lines.delete(line.key);
    // Plans that nobody waits for must not keep a timer, and so the process, alive.
    if (this.#lines.size === 0) this.#forgetPlans();
  }

  #forgetPlans(): void {
    for (let wake = this.#wakes.pop(); wake; wake = this.#wakes.pop())
      if (wake.resource) wake.resource.wakeAtMs = Number.POSITIVE_INFINITY;
    this.#disarm();
  }

  #planFor(resource: Resource, nowMs: number): void {
    const atMs = resource.freeAt(nowMs);
    if (!Number.isFinite(atMs) || atMs === resource.wakeAtMs) return;
    resource.wakeAtMs = atMs;
    this.#plan({ atMs, resource, waiter: undefined });
  }

  #plan(wake: Wake): void {
    this.#wakes.push(wake);
    this.#arm();
  }

  /** One wake-up is armed at most: for the earliest plan. */
  #arm(): void {
    const next = this.#wakes.peek();
    if (!next || this.#isClosed) return this.#disarm();
    if (next.atMs >= this.#armedAtMs && this.#armed) return;
    this.#armed?.cancel();
    this.#armedAtMs = next.atMs;
    const isUrgent = next.resource?.waiting?.bestRank() === 0;
    this.#armed = this.#wake.at(next.atMs, isUrgent, () => this.#onWake());
  }

  #disarm(): void {
    this.#armed?.cancel();
    this.#armed = undefined;
    this.#armedAtMs = Number.POSITIVE_INFINITY;
  }

  #onWake(): void {
    this.#armed = undefined;
    this.#armedAtMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.now();
    for (let wake = this.#wakes.peek(); wake && wake.atMs <= nowMs; wake = this.#wakes.peek()) {
      this.#wakes.pop();
      if (wake.waiter?.isWaiting) this.#leave(wake.waiter, deadlineError());
      if (wake.resource && wake.resource.wakeAtMs === wake.atMs) {
        wake.resource.wakeAtMs = Number.POSITIVE_INFINITY;
        if (wake.resource.waiting) this.#serve(wake.resource, nowMs);
      }
    }
    this.#arm();
  }
}

function firstDenied(resources: readonly Resource[], nowMs: number): Resource | undefined {
  return resources.find((resource) => resource.freeAt(nowMs) > nowMs);
}

function closedError(): ColloquyError {
  return new ColloquyError({
    code: "SHUT_DOWN",
    message: "The transport was closed, or its session forgotten, before this request left.",
    outcome: "not_attempted",
  });
}

/** The time given ended with nothing sent. */
export function deadlineError(neededMs?: number): ColloquyError {
  return new ColloquyError({
    code: "DEADLINE_EXCEEDED",
    message: "The limit leaves no permit before the deadline, so the request was not sent.",
    ...(neededMs === undefined ? {} : { retryAfterMs: neededMs }),
  });
}
