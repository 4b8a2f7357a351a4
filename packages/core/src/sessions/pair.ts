import { abortReason } from "../clock.js";
import { ColloquyError, type JsonValue } from "../contract/index.js";
import type { Challenge, Pairing } from "./challenge.js";
import { unsupported } from "./exchanges.js";
import type { Runtime } from "./runtime.js";
import { createStream } from "./stream.js";
import type { Change, Supervisor } from "./supervisor.js";
import { unreachable } from "./waiting.js";

export interface PairOptions {
  /** Cancels the pairing; nothing stays half open at the provider. */
  readonly signal?: AbortSignal;
}

/** Begins a pairing and yields its challenges. Leaving the loop early cancels it, so no code is refreshed for nobody. */
export function pair(runtime: Runtime, activate: () => Promise<Supervisor>, options: PairOptions = {}): Pairing {
  let supervisor: Supervisor | undefined;
  let ending: Promise<void> | undefined;
  const end = async (owner: Supervisor): Promise<void> => {
    await owner.dispatch({ type: "cancelPairing" });
    // The provider is told as well: a code that is still on a screen should link nobody.
    await owner.idle();
  };
  const cancel = async (): Promise<void> => {
    if (!ending && supervisor && isPairing(supervisor)) ending = end(supervisor);
    await ending;
  };
  return {
    cancel,
    async *[Symbol.asyncIterator]() {
      if (options.signal?.aborted) throw abortReason(options.signal);
      supervisor = await activate();
      const { provider } = supervisor;
      if (!provider.facets.pairing) throw unsupported(provider, "pairing");
      const stream = createStream<Challenge>();
      let shown = "";
      const onChange = (change: Change): void => {
        const owner = supervisor as Supervisor;
        if (owner.stopped) return stream.fail(owner.stopped);
        const { state } = change.after.lifecycle;
        if (state === "connected") return stream.end();
        if (change.artefact !== undefined && change.artefact !== shown) {
          shown = change.artefact;
          stream.push(challengeOf(runtime, owner, change.artefact));
        } else if (!owner.canReach("connected")) stream.fail(unreachable(change.after, ["connected"]));
      };
      const unsubscribe = supervisor.onChange(onChange);
      const onAbort = (): void => {
        void cancel().catch(() => {});
        stream.fail(abortReason(options.signal as AbortSignal));
      };
      options.signal?.addEventListener("abort", onAbort, { once: true });
      try {
        if (supervisor.record.lifecycle.state === "connected") return;
        await supervisor.dispatch({ type: "pair" });
        yield* stream;
      } finally {
        unsubscribe();
        options.signal?.removeEventListener("abort", onAbort);
        await cancel().catch(() => {});
      }
    },
  };
}

/** Somebody is down as watching, so letting go must be told, in whichever state. */
function isPairing(supervisor: Supervisor): boolean {
  return supervisor.stopped === undefined && supervisor.record.lifecycle.pairingConsumer;
}

/** The challenge that the session shows now. */
export function challengeOf(runtime: Runtime, supervisor: Supervisor, artefact: string): Challenge {
  const { id, lifecycle } = supervisor.record;
  const { pairing, timers } = lifecycle;
  const nowMs = runtime.clock.now();
  return {
    sessionId: id,
    kind: pairing?.kind ?? "qr",
    artefact,
    attempt: pairing?.attempt ?? 1,
    of: runtime.policy.pairingAttempts,
    issuedAtMs: pairing?.issuedAtMs ?? nowMs,
    expiresAtMs: pairing?.expiresAtMs ?? nowMs,
    deadlineAtMs: timers.pairingDeadline ?? nowMs,
    refresh: async () => {
      await supervisor.dispatch({ type: "challengeExpired" });
    },
    cancel: async () => {
      await supervisor.dispatch({ type: "cancelPairing" });
    },
    respond: (response) => respond(supervisor, response),
  };
}

async function respond(supervisor: Supervisor, response: Readonly<Record<string, JsonValue>>): Promise<void> {
  const { provider, record } = supervisor;
  const { generation } = record.lifecycle;
  const procedure = provider.facets.pairing?.respond?.(
    { sessionId: record.id, remoteId: record.remoteId ?? "", settings: record.settings },
    response,
  );
  if (!procedure)
    throw new ColloquyError({
      code: "UNSUPPORTED",
      message: "This challenge is answered on the phone, not from here.",
      sessionId: record.id,
    });
  await supervisor.signal(await supervisor.exchanges.run(procedure, record, { priority: "urgent" }), generation);
}
