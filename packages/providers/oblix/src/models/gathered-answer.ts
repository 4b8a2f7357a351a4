import type { ChatAnswer, ChatFinish, ChatPiece, ChatUsage } from "@colloquy/core/contract";
import { GatheredCalls } from "./tool-calls.js";

/** An answer as it comes together, whether in parts or whole. */
export class GatheredAnswer {
  readonly calls: GatheredCalls = new GatheredCalls();
  /** The service's own word for why it stopped. */
  reason: string | undefined;
  modelName: string | undefined;
  readonly #displayName: string;
  readonly #finishes: Readonly<Record<string, ChatFinish>>;
  #text = "";

  /** `finishes`: what the service's words for why it stopped mean. */
  constructor(displayName: string, finishes: Readonly<Record<string, ChatFinish>>) {
    this.#displayName = displayName;
    this.#finishes = finishes;
  }

  /** Adds to the text, and gives it as a piece of the stream. */
  say(text: string | undefined): readonly ChatPiece[] {
    if (text === undefined) return [];
    this.#text += text;
    return [{ text }];
  }

  end(usage: ChatUsage | undefined): ChatAnswer {
    const { reason, modelName } = this;
    const toolCalls = this.calls.all(this.#displayName);
    const known = reason !== undefined && Object.hasOwn(this.#finishes, reason) ? this.#finishes[reason] : undefined;
    return {
      text: this.#text,
      finish: known ?? "other",
      ...(toolCalls.length > 0 ? { toolCalls } : {}),
      ...(reason === undefined ? {} : { finishWord: reason }),
      ...(usage ? { usage } : {}),
      ...(modelName === undefined ? {} : { modelName }),
    };
  }
}
