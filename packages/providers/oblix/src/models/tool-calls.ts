import type { ChatToolCall, JsonValue } from "@colloquy/core/contract";
import { isRecord, textAt } from "../json.js";
import { malformed } from "./malformed.js";

interface Growing {
  id: string;
  name: string;
  written: string;
}

/** Calls come in pieces too: their arguments are JSON that is written bit by bit. */
export class GatheredCalls {
  readonly #byPlace = new Map<number, Growing>();

  begin(place: number, id: string, name: string): void {
    this.#byPlace.set(place, { id, name, written: "" });
  }

  write(place: number, text: string): void {
    const call = this.#byPlace.get(place);
    if (call) call.written += text;
  }

  /** As OpenAI writes them: `[{ index, id, function: { name, arguments } }]`. */
  takeDeltas(deltas: unknown): void {
    if (!Array.isArray(deltas)) return;
    for (const [order, delta] of (deltas as unknown[]).entries()) {
      if (!isRecord(delta)) continue;
      const place = typeof delta["index"] === "number" ? delta["index"] : order;
      const named = delta["function"];
      const id = textAt(delta, "id");
      const name = textAt(named, "name");
      if (!this.#byPlace.has(place)) this.begin(place, id ?? `call_${place + 1}`, name ?? "");
      this.write(place, textAt(named, "arguments") ?? "");
    }
  }

  all(displayName: string): readonly ChatToolCall[] {
    return [...this.#byPlace.entries()]
      .toSorted(([a], [b]) => a - b)
      .map(([, { id, name, written }]) => ({ id, name, arguments: parsed(written, displayName) }));
  }
}

function parsed(written: string, displayName: string): JsonValue {
  if (written.trim() === "") return {};
  try {
    return JSON.parse(written) as JsonValue;
  } catch {
    throw malformed(displayName, "the arguments of a tool call are no JSON");
  }
}
