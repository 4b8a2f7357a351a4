import {
  type Cause,
  type ClosingGoal,
  ColloquyError,
  type ConnectionGoal,
  isColloquyError,
  type Observation,
  type Procedure,
  type RemoteSignal,
  type SessionContext,
  type SessionState,
} from "../contract/index.js";
import { classifyError } from "../lifecycle/causes.js";
import type { Effect } from "../lifecycle/effects.js";
import { errorEvidence } from "./evidence.js";
import type { Runtime } from "./runtime.js";
import type { Supervisor } from "./supervisor.js";

/** What the runner is asked for beside what the lifecycle asks. */
type OwnEffect =
  | { readonly type: "probe"; readonly generation: number }
  /** For a session that stands without a line: one is made. */
  | { readonly type: "connect"; readonly generation: number }
  /** The line is let go, whatever the generation. */
  | { readonly type: "hangUp"; readonly goal: ConnectionGoal };

type RemoteEffect = Exclude<Effect, { type: "abandon" }> | OwnEffect;
type Attempt = Exclude<RemoteEffect, { type: "wipeCredentials" | "hangUp" }>;

/** Where a line has its place. In the others the session does not count on one. */
const withLine: ReadonlySet<SessionState> = new Set(["connecting", "reconnecting", "connected", "waiting"]);

/** Carries out one session's effects in order, one at a time. What an older generation still does is cut short. */
export class EffectRunner {
  readonly #supervisor: Supervisor;
  readonly #runtime: Runtime;
  #queue: Promise<void> = Promise.resolve();
  #current: { readonly generation: number; readonly abort: AbortController } | undefined;
  #oldestGeneration = 0;
  #probeIsQueued = false;
  #connectIsQueued = false;
  #isStopped = false;

  constructor(supervisor: Supervisor, runtime: Runtime) {
    this.#supervisor = supervisor;
    this.#runtime = runtime;
  }

  enqueue(effects: readonly Effect[]): void {
    for (const effect of effects)
      if (effect.type === "abandon") this.#abandon(effect.beforeGeneration);
      else this.#add(effect);
  }

  /** Asks for a proof, unless one is already waiting its turn. */
  probe(): void {
    if (this.#probeIsQueued || this.#isStopped) return;
    this.#probeIsQueued = true;
    this.#add({ type: "probe", generation: this.#supervisor.record.lifecycle.generation });
  }

  /** Makes a line, unless one stands or is on its way. */
  connect(): void {
    const { connections, record } = this.#supervisor;
    if (this.#connectIsQueued || this.#isStopped || connections.held) return;
    this.#connectIsQueued = true;
    this.#add({ type: "connect", generation: record.lifecycle.generation });
  }

  hangUp(goal: ConnectionGoal): void {
    this.#add({ type: "hangUp", goal });
  }

  /** Resolves when nothing that was asked for so far is left to do. */
  idle(): Promise<void> {
    return this.#queue;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#current?.abort.abort();
    await this.#queue;
  }

  #abandon(beforeGeneration: number): void {
    this.#oldestGeneration = Math.max(this.#oldestGeneration, beforeGeneration);
    if (this.#current && this.#current.generation < this.#oldestGeneration) this.#current.abort.abort();
  }

  #add(effect: RemoteEffect): void {
    this.#queue = this.#queue.then(async () => {
      if (effect.type === "probe") this.#probeIsQueued = false;
      if (effect.type === "connect") this.#connectIsQueued = false;
      if (!this.#isStopped) await this.#carryOut(effect);
    });
  }

  async #carryOut(effect: RemoteEffect): Promise<void> {
    if (effect.type === "wipeCredentials")
      return this.#runtime.store.secrets.remove(this.#supervisor.record.id).catch(() => {});
    if (effect.type === "hangUp") return this.#hangUp(effect.goal);
    if (effect.generation < this.#oldestGeneration) return;
    const abort = new AbortController();
    this.#current = { generation: effect.generation, abort };
    const span = this.#runtime.telemetry.span(`colloquy.session.${effect.type}`, {
      provider: this.#supervisor.provider.id,
    });
    try {
      await this.#perform(effect, abort.signal);
      span.end();
    } catch (error) {
      span.end(error);
      if (!abort.signal.aborted) await this.#failed(effect, error);
    } finally {
      this.#current = undefined;
    }
  }

  async #hangUp(goal: ConnectionGoal): Promise<void> {
    await this.#supervisor.connections.close(goal);
    // Heard of in another way meanwhile: the session stands, and wants a line again.
    if (this.#supervisor.record.lifecycle.state === "connected") this.connect();
  }

  async #perform(effect: Attempt, signal: AbortSignal): Promise<void> {
    const { record, exchanges, connections } = this.#supervisor;
    const { closeDeadlineMs, connectDeadlineMs } = this.#supervisor.provider.manifest.timings;
    const timeoutMs =
      effect.type === "closeRemote" || effect.type === "withdrawPairing" ? closeDeadlineMs : connectDeadlineMs;
    const deadlineAtMs = this.#runtime.clock.now() + timeoutMs;
    if (effect.type === "connect") return this.#connect(effect.generation, signal, deadlineAtMs);
    if (effect.type === "open" && connections.carryOn(effect.generation)) return;
    await this.#freeTheLine(effect);
    const procedure = this.#procedure(effect);
    if (!procedure || signal.aborted) return;
    const heard = await exchanges.run(procedure, record, { signal, deadlineAtMs, priority: "urgent" });
    if (!signal.aborted && effect.type !== "withdrawPairing") await this.#supervisor.signal(heard, effect.generation);
    if (effect.type === "open") await this.#connect(effect.generation, signal, deadlineAtMs);
  }

  /** What is asked for next is about the session without the line that stands now. */
  async #freeTheLine(effect: Attempt): Promise<void> {
    const { connections } = this.#supervisor;
    if (effect.type === "open") await connections.close("release");
    else if (effect.type === "suspendRemote") await connections.close("suspend");
    else if (effect.type === "closeRemote")
      await connections.close(effect.goal === "terminate" ? "terminate" : "release", effect.generation);
  }

  async #connect(generation: number, signal: AbortSignal, deadlineAtMs: number): Promise<void> {
    const { connections, record } = this.#supervisor;
    if (signal.aborted || connections.held || !withLine.has(record.lifecycle.state)) return;
    await connections.open(generation, signal, deadlineAtMs);
  }

  #procedure(effect: Exclude<Attempt, { type: "connect" }>): Procedure<RemoteSignal> | undefined {
    const { provider, record } = this.#supervisor;
    const context: SessionContext = {
      sessionId: record.id,
      remoteId: record.remoteId ?? "",
      settings: record.settings,
    };
    switch (effect.type) {
      case "open":
        return provider.open(context, { pairing: effect.pairing });
      case "probe":
        return provider.probe(context);
      case "refreshChallenge":
        return provider.facets.pairing?.refresh(context);
      case "suspendRemote":
        return provider.suspend?.(context);
      case "withdrawPairing":
        return provider.logout?.(context);
      case "closeRemote":
        return this.#closing(effect.goal, context);
    }
  }

  #closing(goal: ClosingGoal, context: SessionContext): Procedure<RemoteSignal> | undefined {
    const { provider } = this.#supervisor;
    return goal === "terminate" ? provider.close(context) : provider.logout?.(context);
  }

  async #failed(effect: Attempt, thrown: unknown): Promise<void> {
    if (this.#supervisor.stopped) return;
    const error = isColloquyError(thrown) ? thrown : unexpected(thrown, this.#supervisor.provider.id);
    const { record } = this.#supervisor;
    this.#runtime.logger.log("warn", "session.effect_failed", {
      sessionId: record.id,
      effect: effect.type,
      code: error.code,
    });
    const observation = classifyError(error, this.#runtime.clock.now());
    const evidence = { ...errorEvidence(error), effect: effect.type };
    // A question that could not be asked is no answer: one lost poll does not end a connection, the liveness deadline does.
    const isOnlyAPoll = effect.type === "probe" && observation.type === "dropped";
    if (effect.type === "withdrawPairing") return;
    const isClosing = effect.type === "closeRemote" || effect.type === "suspendRemote";
    try {
      if (isOnlyAPoll && record.lifecycle.state === "connected")
        await this.#supervisor.observe(doubt(observation.cause), evidence);
      else if (!(isOnlyAPoll || isClosing) || observation.type !== "dropped")
        await this.#supervisor.observe(observation, evidence, effect.generation);
    } catch (failure) {
      this.#runtime.logger.log("error", "session.failure", {
        sessionId: record.id,
        where: effect.type,
        code: isColloquyError(failure) ? failure.code : "unexpected",
      });
    }
  }
}

/** Still connected as far as we know, but the proof is missing. */
function doubt({ reason, userAction }: Cause): Observation {
  return {
    type: "healthChanged",
    health: { status: "degraded", signals: [reason], ...(userAction === undefined ? {} : { userAction }) },
  };
}

function unexpected(thrown: unknown, providerId: string): ColloquyError {
  return new ColloquyError({
    code: "RESPONSE_MALFORMED",
    message: "The provider's answer could not be understood.",
    providerId,
    cause: thrown,
  });
}
