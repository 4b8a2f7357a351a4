import type { ConversationId } from "@colloquy/core";
import { isColloquyError } from "@colloquy/core/contract";
import { idOf } from "../names.js";
import type { Body } from "../store/journal.js";
import type { Stored, StreamLog } from "../store/stream-log.js";
import type { Subjects } from "../store/subjects.js";
import type { KeptTranscript, Line, TranscriptEvent } from "./transcript-fold.js";

type Message = Stored<Body<TranscriptEvent, KeptTranscript>>;

/** Where a conversation stands in the list, and the message that says so. */
export interface Entry {
  readonly id: ConversationId;
  readonly line: Line;
  readonly seq: number;
}

/** When more came than so many messages for each conversation, the last of each is read instead. ASSUMED: about as long. */
const mostPerEntry = 4;

/** A line for each conversation, brought up to date before each list by what came since. */
export class Catalogue {
  readonly #log: StreamLog;
  readonly #subject: string;
  readonly #entries = new Map<ConversationId, Entry>();
  #sorted: readonly Entry[] | undefined;
  #seq = 0;
  #catchingUp: Promise<void> | undefined;

  constructor(log: StreamLog, subjects: Subjects) {
    this.#log = log;
    this.#subject = subjects.everyConversation;
  }

  async find(id: ConversationId): Promise<Entry | undefined> {
    await this.#catchUp();
    return this.#entries.get(id);
  }

  /** Last changed first, then by id backwards. */
  async newestFirst(): Promise<readonly Entry[]> {
    await this.#catchUp();
    this.#sorted ??= [...this.#entries.values()].toSorted((one, other) =>
      one.line.updatedAtMs === other.line.updatedAtMs
        ? one.id < other.id
          ? 1
          : -1
        : other.line.updatedAtMs - one.line.updatedAtMs,
    );
    return this.#sorted;
  }

  /** What comes while one is under way is in the next. */
  async #catchUp(): Promise<void> {
    await this.#catchingUp;
    this.#catchingUp ??= this.#readOn().finally(() => (this.#catchingUp = undefined));
    await this.#catchingUp;
  }

  async #readOn(): Promise<void> {
    const last = await this.#log.last<Message["body"]>(this.#subject);
    if (!last || last.seq === this.#seq) return;
    // A stream that was removed and made anew counts anew.
    const isNew = last.seq < this.#seq || this.#seq === 0;
    const isFar = last.seq - this.#seq > mostPerEntry * this.#entries.size;
    const news = await (isNew || isFar ? this.#lasts(last.seq) : this.#since(last.seq));
    if (isNew) this.#entries.clear();
    for (const message of news) this.#take(message);
    this.#sorted = undefined;
    this.#seq = last.seq;
  }

  #lasts(until: number): Promise<readonly Message[]> {
    return this.#log.lasts<Message["body"]>(this.#subject, until);
  }

  async #since(until: number): Promise<readonly Message[]> {
    try {
      return await this.#log.between<Message["body"]>(this.#subject, this.#seq, until);
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "STORE_CORRUPT") throw error;
      // A whole state may have taken the place of a long message just now, and the parts of that one removed.
      return this.#lasts(Number.MAX_SAFE_INTEGER);
    }
  }

  #take({ subject, seq, body }: Message): void {
    const id = idOf(subject.split(".").at(-2) ?? "");
    const said = "event" in body ? body.event : body.whole;
    if ((this.#entries.get(id)?.seq ?? 0) > seq) return;
    if ("gone" in said) this.#entries.delete(id);
    else this.#entries.set(id, { id, line: said.line, seq });
  }
}
