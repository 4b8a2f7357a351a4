import type { SessionId } from "@colloquy/core/contract";
import { idOf } from "../names.js";
import type { StreamLog } from "./stream-log.js";
import type { Subjects } from "./subjects.js";

/**
 * Which sessions may have queued messages: a note is made after a message was queued and before anybody is told so. Whoever
 * reads it looks whether it is still so, and removes the very note that it read; one made since then stays.
 */
export class WaitingSessions {
  readonly #log: StreamLog;
  readonly #subjects: Subjects;
  readonly #publish: (subject: string) => Promise<void>;

  constructor(log: StreamLog, subjects: Subjects, publish: (subject: string) => Promise<void>) {
    this.#log = log;
    this.#subjects = subjects;
    this.#publish = publish;
  }

  note(sessionId: SessionId): Promise<void> {
    return this.#publish(this.#subjects.note(sessionId));
  }

  async list(
    { after, limit = 1_000 }: { readonly after?: SessionId; readonly limit?: number } = {},
    isWaiting: (sessionId: SessionId) => Promise<boolean>,
  ): Promise<readonly SessionId[]> {
    const last = await this.#log.last<unknown>(this.#subjects.everyNote);
    if (!last) return [];
    const notes = (await this.#log.lasts<unknown>(this.#subjects.everyNote, last.seq))
      .map(({ subject, seq }) => ({ subject, seq, id: idOf(subject.split(".").at(-1) ?? "") }))
      .filter(({ id }) => after === undefined || id > after)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const found: SessionId[] = [];
    for (const { subject, seq, id } of notes) {
      if (found.length >= limit) break;
      if (await isWaiting(id)) found.push(id);
      else await this.#log.purge(subject, seq + 1);
    }
    return found;
  }
}
