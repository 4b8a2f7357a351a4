import type { InterpretContext, Observation, RemoteSignal } from "@colloquy/core/contract";

type Reader = (signal: RemoteSignal, context: InterpretContext) => readonly Observation[];

const readers: Readonly<Record<string, Reader>> = {
  created: () => [],
  connecting: (_signal, { state }) =>
    state === "connected"
      ? [{ type: "healthChanged", health: { status: "degraded", signals: ["provider_connecting"] } }]
      : [],
  connected: (_signal, { state }) => [
    { type: "opened" },
    ...(state === "connected" ? [{ type: "healthChanged", health: { status: "ok", signals: [] } } as const] : []),
  ],
  // The connection comes back by itself with a fresh token; the session stands as long as the service has one for it.
  disconnected: () => [{ type: "dropped", cause: { class: "transient", reason: "transport" } }],
  terminating: (_signal, { state }) =>
    state === "closing"
      ? []
      : [{ type: "healthChanged", health: { status: "degraded", signals: ["provider_terminating"] } }],
  terminated: () => [{ type: "remoteClosed" }],
  failed: ({ details }) => {
    const reason = details?.["reason"];
    return [{ type: "failedRemote", reason: typeof reason === "string" ? reason : "unknown" }];
  },
};

/** Every status word of a session, in lower case. */
export const statusWords: readonly string[] = Object.keys(readers);

/** Pure: what a status of a session means for the lifecycle. Words count without regard to case. */
export function interpret(signal: RemoteSignal, context: InterpretContext): readonly Observation[] {
  const word = signal.word.trim().toLowerCase();
  const reader = Object.hasOwn(readers, word) ? readers[word] : undefined;
  return reader ? reader(signal, context) : [{ type: "unknownStatus", word: signal.word }];
}
