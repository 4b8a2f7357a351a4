import type { Observation, RemoteSignal } from "@colloquy/core/contract";

/** `not_found` is ours, for a conversation that somebody removed. */
const meanings: Readonly<Record<string, readonly Observation[]>> = {
  active: [{ type: "opened" }],
  archived: [{ type: "paused", reason: "archived" }],
  deleted: [{ type: "remoteClosed" }],
  not_found: [{ type: "notFound" }],
};

/** Words in lower case, for the manifest. */
export const statusWords: readonly string[] = Object.keys(meanings);

/** Pure: what a signal means. Words count without regard to case. */
export function interpret(signal: RemoteSignal): readonly Observation[] {
  const word = signal.word.trim().toLowerCase();
  const meaning = Object.hasOwn(meanings, word) ? meanings[word] : undefined;
  return meaning ?? [{ type: "unknownStatus", word: signal.word }];
}
