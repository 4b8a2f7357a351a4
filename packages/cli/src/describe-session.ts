import type { Session } from "@colloquy/core";
import { inWords } from "./durations.js";
import type { Fields, Output } from "./output/output.js";

/** A session as every command's JSON tells it. Account numbers are masked unless `--show-secrets`. */
export function sessionJson(session: Session, output: Output): Fields {
  const { state, reason, since, provenAtMs, identity, health, expectedIdentity } = session.snapshot;
  return {
    id: session.id,
    provider: session.providerId,
    remoteId: session.remoteId,
    name: session.name,
    state,
    reason,
    sinceMs: since,
    provenAtMs,
    account: output.address(identity?.id),
    expectedAccount: output.address(expectedIdentity),
    health: health.status,
    healthSignals: health.signals,
  };
}

/** `connected (proven 3 s ago)`, `unlinked: pairing_cancelled`. */
export function stateInWords(session: Session, nowMs: number): string {
  const { state, reason, provenAtMs } = session.snapshot;
  if (state === "connected" && provenAtMs !== undefined) return `connected, proven ${inWords(nowMs - provenAtMs)} ago`;
  return reason === undefined ? state : `${state} (${reason})`;
}

/** How a person refers to it. */
export function label(session: Session): string {
  return session.name === undefined ? session.id : `${session.name} (${session.id})`;
}
