import type { Observation, RemoteSignal } from "@colloquy/core/contract";

const degraded = (signal: string, userAction: string): Observation => ({
  type: "healthChanged",
  health: { status: "degraded", signals: [signal], userAction },
});

/**
 * The server's words, those of its documentation (`completed`), and ours from `deleted` on. Without NATS a session goes on, and is
 * looked at in intervals.
 */
const meanings: Readonly<Record<string, Observation>> = {
  pending: { type: "asked" },
  validated: { type: "answered" },
  completed: { type: "answered" },
  failed: {
    type: "failedRemote",
    reason: "invalid_answer",
    userAction: "Read the session: the answer did not fit its template.",
  },
  rejected: { type: "rejectedRemote" },
  expired: { type: "expiredRemote" },
  deleted: { type: "remoteClosed" },
  not_found: { type: "notFound" },
  line_up: { type: "healthChanged", health: { status: "ok", signals: [] } },
  line_down: degraded("nats_disconnected", "Check that the NATS server runs; answers are looked for meanwhile."),
  login_refused: degraded("nats_login_refused", "Correct the user and password, or the token, in ORG_NATS_URL."),
  permission_missing: degraded("nats_permission_missing", "Let this user subscribe to the subjects of its sessions."),
};

/** Words in lower case, for the manifest. */
export const statusWords: readonly string[] = Object.keys(meanings);

/** Pure: what a signal means. Words count without regard to case; `created` is recorded and changes nothing. */
export function interpret(signal: RemoteSignal): readonly Observation[] {
  const word = signal.word.trim().toLowerCase();
  const meaning = Object.hasOwn(meanings, word) ? meanings[word] : undefined;
  return [meaning ?? { type: "unknownStatus", word: signal.word }];
}
