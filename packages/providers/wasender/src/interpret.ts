import type { Cause, InterpretContext, IssuedChallenge, Observation, RemoteSignal } from "@colloquy/core/contract";

type Reader = (signal: RemoteSignal, context: InterpretContext) => readonly Observation[];

const dropped = (cause: Cause): readonly Observation[] => [{ type: "dropped", cause }];

/**
 * Every word that Wasender is known to say of a session, and what it means here.
 * `error` to `timeout` are in no official list, but client libraries know them. The words from `deleted` on are ours: for
 * answers that carry no word, and for the stages of a passkey pairing.
 */
const readers: Readonly<Record<string, Reader>> = {
  disconnected: (_signal, { state }) => {
    if (state === "created") return [];
    return state === "closing" ? [{ type: "logoutAck" }] : dropped({ class: "transient", reason: "transport" });
  },
  connecting: (_signal, { state }) =>
    state === "connected"
      ? [{ type: "healthChanged", health: { status: "degraded", signals: ["provider_connecting"] } }]
      : [],
  need_scan: (signal, context) => asksToLink(signal, context, "qr"),
  need_passkey: (signal, context) => asksToLink(signal, context, "passkey"),
  connected: opened,
  logged_out: () => [{ type: "unlinked", reason: "logged_out" }],
  expired: () => [{ type: "unlinked", reason: "credentials_expired" }],
  error: () => dropped({ class: "bounded", reason: "unknown" }),
  // The link itself stands, so it also proves a connection that is believed; otherwise the session would soon count as deaf.
  device_offline: (_signal, { state }) => [
    ...(state === "connected" ? [{ type: "opened" } as const] : []),
    {
      type: "healthChanged",
      health: {
        status: "degraded",
        signals: ["device_offline"],
        userAction: "Open WhatsApp on the phone and check its internet connection.",
      },
    },
  ],
  proxy_error: () =>
    dropped({
      class: "bounded",
      reason: "proxy",
      userAction: "Correct the session's proxy, or remove it, with sessions.update.",
    }),
  timeout: (_signal, { state }) =>
    state === "pairing" ? [{ type: "challengeExpired" }] : dropped({ class: "transient", reason: "timeout" }),
  deleted: () => [{ type: "remoteClosed" }],
  not_found: () => [{ type: "notFound" }],
  prologue_sent: () => [{ type: "challengeProgress", progress: "claimed" }],
  passkey_confirmation: () => [{ type: "challengeProgress", progress: "claimed" }],
  passkey_no_continuation: () => [{ type: "challengeExpired" }],
};

/** Words in lower case, for the manifest. */
export const statusWords: readonly string[] = Object.keys(readers);

/** Pure: what a signal means in this context. Words count without regard to case. */
export function interpret(signal: RemoteSignal, context: InterpretContext): readonly Observation[] {
  const word = signal.word.trim().toLowerCase();
  const reader = Object.hasOwn(readers, word) ? readers[word] : undefined;
  return reader ? reader(signal, context) : [{ type: "unknownStatus", word: signal.word }];
}

/**
 * A webhook says `connected` but not who is linked, so while linking or connecting it only ends the wait for the scan;
 * the next poll brings the proof with the identity. Otherwise a wrong phone would be believed until then.
 */
function opened({ source, identity }: RemoteSignal, { state }: InterpretContext): readonly Observation[] {
  // What was called amiss before is well again.
  const well: readonly Observation[] =
    state === "connected" ? [{ type: "healthChanged", health: { status: "ok", signals: [] } }] : [];
  if (identity) return [{ type: "opened", identity }, ...well];
  const isUnproven = source === "event" && ["created", "connecting", "reconnecting", "pairing"].includes(state);
  return [isUnproven ? { type: "paired" } : { type: "opened" }, ...well];
}

/** Without the code there is nothing to show yet: a poll or a webhook brings it. When nobody is pairing, none is needed. */
function asksToLink(
  { challenge }: RemoteSignal,
  { pairing }: InterpretContext,
  kind: IssuedChallenge["kind"],
): readonly Observation[] {
  if (challenge) return [{ type: "challengeIssued", challenge }];
  return pairing ? [] : [{ type: "challengeIssued", challenge: { kind, artefact: "" } }];
}
