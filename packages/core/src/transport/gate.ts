import { abortReason, type Clock, type Timer } from "../clock.js";
import { ColloquyError } from "../contract/index.js";
import { onAbort } from "./abort-listener.js";
import { Bucket } from "./bucket.js";
import { Courtesy } from "./courtesy.js";
import { rankOf, type StandingLine, TurnRing } from "./fair-queue.js";
import { Grant } from "./grant.js";
import { MinHeap } from "./min-heap.js";
import type { OnPacing, Pacing } from "./pacing.js";
import type { PermitRequest } from "./permit-request.js";
import type { Resource } from "./resource.js";
import { Line, PromisedGrant, type Waiter } from "./waiter.js";
import type { WakeScheduler } from "./wake.js";

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
  readonly #onPacing: OnPacing | undefined;
  readonly #lines = new Map<string, Line>();
  readonly #courtesy = new Courtesy();
  readonly #wakes = new MinHeap<Wake>((wake) => wake.atMs);
  #armed: Timer | undefined;
  #armedAtMs = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(clock: Clock, wake: WakeScheduler, onPacing?: OnPacing) {
    this.#clock = clock;
    this.#wake = wake;
    this.#onPacing = onPacing;
  }

  /** How many requests wait for a permit of this resource, also those that stand at another one first. */
  queuedFor(resource: Resource): number {
    let count = 0;
    for (const line of this.#lines.values()) if (line.resources.includes(resource)) count += line.waiters.count;
    return count;
  }

  /** A grant at once when nothing is in the way, otherwise a promise of one. */
  acquire(request: PermitRequest): Grant | Promise<Grant> {
    return (
      this.grantNow(request) ??
      new Promise((resolve, reject) => this.wait(request, new PromisedGrant(rankOf(request.priority), resolve, reject)))
    );
  }

  /** A grant when nothing is in the way. */
  grantNow({ lineKey, resources, signal, deadlineAtMs }: PermitRequest): Grant | undefined {
    const nowMs = this.#clock.now();
    if (this.#isClosed || signal?.aborted || (deadlineAtMs !== undefined && deadlineAtMs <= nowMs)) return undefined;
    return !this.#lines.has(lineKey) && this.#isFree(resources, nowMs) ? this.#grant(resources, nowMs) : undefined;
  }

  /** Lets one wait for its turn: it is told of its grant, or why there will be none. */
  wait(request: PermitRequest, waiter: Waiter): void {
    const { signal, deadlineAtMs, resources } = request;
    const nowMs = this.#clock.now();
    if (this.#isClosed) return waiter.refused(closedError());
    if (signal?.aborted) return waiter.refused(abortReason(signal));
    const blocked = firstDenied(resources, nowMs);
    const knownMs = blocked?.freeAt(nowMs) ?? nowMs;
    if (deadlineAtMs !== undefined) {
      if (deadlineAtMs <= nowMs) return waiter.refused(deadlineError());
      if (Number.isFinite(knownMs) && knownMs > deadlineAtMs) return waiter.refused(deadlineError(knownMs - nowMs));
      this.#plan({ atMs: deadlineAtMs, resource: undefined, waiter });
    }
    const line = this.#lines.get(request.lineKey) ?? this.#newLine(request);
    waiter.line = line;
    if (request.isReturning) line.waiters.pushFront(waiter);
    else line.waiters.pushBack(waiter);
    if (signal) waiter.stopListening = onAbort(signal, () => this.#leave(waiter, abortReason(signal)));
    this.#stand(line, line.at ?? blocked ?? (resources[0] as Resource), false);
    if (line.at) this.#serve(line.at, nowMs);
    if (waiter.line) request.onPaced?.(Number.isFinite(knownMs) ? knownMs : nowMs);
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

  #newLine(request: PermitRequest): Line {
    const line = new Line(request.lineKey, request.resources, request.sessionId);
    this.#lines.set(line.key, line);
    for (const resource of line.resources) resource.lines++;
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
    if (!line.heldBy && this.#onPacing && resource instanceof Bucket) this.#tellPacing(line, resource);
  }

  /** Told once for a line: those of its requests that come later wait for the same. */
  #tellPacing(line: Line, bucket: Bucket): void {
    const nowMs = this.#clock.now();
    const freeAtMs = bucket.freeAt(nowMs);
    if (freeAtMs <= nowMs) return;
    line.heldBy = bucket;
    this.#onPacing?.(pacingOf("started", line, bucket, freeAtMs));
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
      const line = this.#courtesy.insteadOf(resource.waiting.next() as Line, nowMs);
      const denied = firstDenied(line.resources, nowMs);
      const hold = denied ? undefined : this.#courtesy.holdOf(line, this.#lines.values(), nowMs);
      if (denied) {
        // Its turn came, only another resource was not ready: there it goes before those that come later.
        this.#stand(line, denied, true);
        this.#planFor(denied, nowMs);
      } else if (hold) {
        this.#stand(line, hold.at, false);
        this.#planAt(hold.at, hold.untilMs);
        if (hold.at === resource) return;
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
    this.#courtesy.noteGrant(line, nowMs);
    this.#remove(waiter, line);
    waiter.granted(grant);
  }

  #leave(waiter: Waiter, reason: unknown): void {
    const { line } = waiter;
    if (!line) return;
    this.#remove(waiter, line);
    if (line.at && line.waiters.count > 0) this.#stand(line, line.at, false);
    waiter.refused(reason);
  }

  #remove(waiter: Waiter, line: Line): void {
    waiter.line = undefined;
    line.waiters.remove(waiter);
    waiter.stopListening?.();
    waiter.stopListening = undefined;
    if (line.waiters.count > 0) return;
    this.#unstand(line);
    this.#lines.delete(line.key);
    if (line.heldBy) this.#onPacing?.(pacingOf("ended", line, line.heldBy));
    for (const resource of line.resources) resource.lines--;
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
    if (Number.isFinite(atMs)) this.#planAt(resource, atMs);
  }

  #planAt(resource: Resource, atMs: number): void {
    if (atMs === resource.wakeAtMs) return;
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
      if (wake.waiter) this.#leave(wake.waiter, deadlineError());
      if (wake.resource && wake.resource.wakeAtMs === wake.atMs) {
        wake.resource.wakeAtMs = Number.POSITIVE_INFINITY;
        if (wake.resource.waiting) this.#serve(wake.resource, nowMs);
      }
    }
    this.#arm();
  }
}

function pacingOf(state: Pacing["state"], { sessionId }: Line, { identity }: Bucket, freeAtMs?: number): Pacing {
  return {
    state,
    ...(sessionId === undefined ? {} : { sessionId }),
    bucket: identity.name,
    scope: identity.scope,
    ...(freeAtMs !== undefined && Number.isFinite(freeAtMs) ? { freeAtMs } : {}),
  };
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
