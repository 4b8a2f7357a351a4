import type { ColloquyError, JsonValue, RemoteSignal } from "../contract/index.js";
import type { LifecycleEvent } from "../lifecycle/events.js";

/** What a log line rests on. Words, codes and numbers only: no token, no phone number, no text of a message. */
export type Evidence = Readonly<Record<string, JsonValue>>;

/** The provider's word and how we heard it; not the artefact, not the identity. */
export function signalEvidence(signal: RemoteSignal): Evidence {
  return { source: signal.source, word: signal.word.slice(0, 64) };
}

export function errorEvidence(error: ColloquyError): Evidence {
  return {
    code: error.code,
    outcome: error.outcome,
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.operation === undefined ? {} : { operation: error.operation }),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
  };
}

/** Adds the cause that an event carries to what the caller knows. */
export function evidenceOf(event: LifecycleEvent, known: Evidence): { readonly evidence?: Evidence } {
  const cause = event.type === "dropped" ? { causeClass: event.cause.class, cause: event.cause.reason } : {};
  const evidence = { ...known, ...cause };
  return Object.keys(evidence).length > 0 ? { evidence } : {};
}
