import { createParser } from "eventsource-parser";
import { malformed } from "./malformed.js";

/** The data of one event. `undefined` for OpenAI's `[DONE]`. */
export type EventData = { readonly value: unknown } | undefined;

/** Longest event taken. ASSUMED. */
const mostCharacters = 4 * 1024 * 1024;

/** Cuts a text that comes in parts into server-sent events, and reads the JSON that each carries. */
export class ServerEvents {
  readonly #displayName: string;
  readonly #found: string[] = [];
  readonly #parser: ReturnType<typeof createParser>;

  constructor(displayName: string) {
    this.#displayName = displayName;
    this.#parser = createParser({
      maxBufferSize: mostCharacters,
      onEvent: ({ data }) => void this.#found.push(data),
      onError: () => {
        // Lines of no known field are to be ignored; what is too long is told by the parser's end.
      },
    });
  }

  push(text: string): readonly EventData[] {
    this.#parser.feed(text);
    return this.#found.splice(0).map((data) => this.#parsed(data));
  }

  #parsed(data: string): EventData {
    if (data.trim() === "[DONE]") return undefined;
    try {
      return { value: JSON.parse(data) };
    } catch {
      throw malformed(this.#displayName, "an event carries no JSON");
    }
  }
}
