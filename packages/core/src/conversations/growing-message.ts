import type { Clock, Timer } from "../clock.js";
import type { ConversationId, MessageChange, TranscriptMessage, TranscriptStore } from "../store/transcripts.js";

/** At most so much of an answer is lost with the process. ASSUMED: what a reader would not miss. */
export const flushMs = 250;
/** So much at most is held here; then the sender waits for the store. ASSUMED. */
const mostHeldCharacters = 16 * 1024;

/** An answer that is stored while it grows. */
export class GrowingMessage {
  readonly #store: TranscriptStore;
  readonly #clock: Clock;
  readonly #conversationId: ConversationId;
  readonly #messageId: string;
  #held = "";
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(store: TranscriptStore, clock: Clock, conversationId: ConversationId, messageId: string) {
    this.#store = store;
    this.#clock = clock;
    this.#conversationId = conversationId;
    this.#messageId = messageId;
  }

  /** Throws what the store threw at an earlier write: an answer that cannot be kept is not asked on. */
  async add(text: string): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    this.#held += text;
    if (this.#held.length >= mostHeldCharacters) await this.#flush();
    else this.#timer ??= this.#clock.setTimer(this.#clock.now() + flushMs, () => void this.#flush());
  }

  /** Writes what is left together with how it ended. */
  async settle(change: MessageChange): Promise<TranscriptMessage> {
    this.#timer?.cancel();
    await this.#writing;
    const appendText = this.#held;
    this.#held = "";
    return this.#change(appendText === "" ? change : { ...change, appendText });
  }

  #flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing = this.#writing.then(async () => {
      const appendText = this.#held;
      if (appendText === "" || this.#failure) return;
      this.#held = "";
      try {
        await this.#change({ appendText });
      } catch (error) {
        this.#failure = { error };
      }
    });
    return this.#writing;
  }

  #change(change: MessageChange): Promise<TranscriptMessage> {
    return this.#store.change(this.#conversationId, this.#messageId, change, { atMs: this.#clock.now() });
  }
}
