import type { JsonValue } from "../contract/index.js";

/** A question that the service took. */
export interface ReferenceAsk {
  /** The service's own. */
  readonly id: string;
  /** The asker's. */
  readonly askId: string;
  readonly sessionId: string;
  readonly text: string;
  readonly to?: string;
  /** In the common words. */
  state: "pending" | "answered" | "rejected" | "expired" | "failed";
  answer?: JsonValue;
  reminderCount: number;
}

type Fields = Readonly<Record<string, JsonValue>>;

/** The questions of the reference service, and the people who answer them. */
export class ReferenceAsks {
  /** In order. The same question asked twice is there twice. */
  readonly all: ReferenceAsk[] = [];

  put(sessionId: string, { ask_id, text, to }: Fields): ReferenceAsk | undefined {
    if (typeof ask_id !== "string" || typeof text !== "string") return undefined;
    const id = `q${this.all.length + 1}`;
    const ask: ReferenceAsk = { id, askId: ask_id, sessionId, text, state: "pending", reminderCount: 0 };
    this.all.push(typeof to === "string" ? { ...ask, to } : ask);
    return this.all.at(-1);
  }

  /** By the service's id or the asker's. */
  find(id: string): ReferenceAsk | undefined {
    return this.all.find((ask) => ask.id === id || ask.askId === id);
  }

  /** Somebody answers. The first answer counts; false when it was not the first. */
  answer(id: string, answer: JsonValue): boolean {
    return this.end(id, "answered", answer);
  }

  /** Somebody declines, or the service gives up. */
  end(id: string, state: Exclude<ReferenceAsk["state"], "pending">, answer?: JsonValue): boolean {
    const ask = this.find(id);
    if (!ask) throw new Error(`There is no question ${id}.`);
    if (ask.state !== "pending") return false;
    ask.state = state;
    if (answer !== undefined) ask.answer = answer;
    return true;
  }

  view({ id, askId, state, answer }: ReferenceAsk): object {
    return { id, ask_id: askId, state, answer };
  }
}
