import type { NewLogEntry, SessionRecord } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { sessionNotFound } from "../failure.js";
import { idOf } from "../names.js";
import type { Stored, StreamLog } from "./stream-log.js";
import type { Subjects } from "./subjects.js";

/** A record as a message: it and what it adds to the log are one write. The log is what all messages of the subject add. */
export type RecordBody =
  | {
      readonly record: SessionRecord;
      /** Names this creation of the session: of the same id there may be another one later. */
      readonly creation: string;
      readonly entries: readonly NewLogEntry[];
    }
  | { readonly gone: string };

export interface Head {
  readonly seq: number;
  readonly record: SessionRecord;
  readonly creation: string;
}

interface Line {
  readonly seq: number;
  readonly record: Pick<SessionRecord, "id" | "providerId" | "createdAtMs">;
  readonly state: SessionRecord["lifecycle"]["state"];
}

/**
 * The newest record of each session. One is always read from the stream; what is needed to list them is kept in memory and
 * brought up to date before each list, by the messages that came since.
 */
export class Heads {
  readonly #log: StreamLog;
  readonly #subjects: Subjects;
  readonly #lines = new Map<SessionId, Line>();
  #sorted: readonly Line[] | undefined;
  #seq = 0;
  #catchingUp: Promise<void> | undefined;

  constructor(log: StreamLog, subjects: Subjects) {
    this.#log = log;
    this.#subjects = subjects;
  }

  last(sessionId: SessionId): Promise<Stored<RecordBody> | undefined> {
    return this.#log.last<RecordBody>(this.#subjects.record(sessionId));
  }

  async find(sessionId: SessionId): Promise<Head | undefined> {
    const last = await this.last(sessionId);
    if (!last || "gone" in last.body) return undefined;
    return { seq: last.seq, record: last.body.record, creation: last.body.creation };
  }

  /** Fails with `SESSION_NOT_FOUND`. */
  async need(sessionId: SessionId): Promise<Head> {
    const head = await this.find(sessionId);
    if (!head) throw sessionNotFound(sessionId);
    return head;
  }

  /** Newest first. */
  async newestFirst(): Promise<readonly Line[]> {
    await this.#catchUp();
    this.#sorted ??= [...this.#lines.values()].toSorted(({ record: a }, { record: b }) =>
      a.createdAtMs === b.createdAtMs ? (a.id < b.id ? 1 : -1) : b.createdAtMs - a.createdAtMs,
    );
    return this.#sorted;
  }

  /** Of those given, which are there. */
  async areThere(sessionIds: readonly SessionId[]): Promise<readonly SessionId[]> {
    await this.#catchUp();
    return sessionIds.filter((id) => this.#lines.has(id));
  }

  /** What comes while one is under way is in the next. */
  async #catchUp(): Promise<void> {
    await this.#catchingUp;
    this.#catchingUp ??= this.#readOn().finally(() => (this.#catchingUp = undefined));
    await this.#catchingUp;
  }

  async #readOn(): Promise<void> {
    const { everyRecord } = this.#subjects;
    const last = await this.#log.last<RecordBody>(everyRecord);
    if (!last || last.seq <= this.#seq) return;
    const news =
      this.#seq === 0
        ? await this.#log.lasts<RecordBody>(everyRecord, last.seq)
        : await this.#log.between<RecordBody>(everyRecord, this.#seq, last.seq);
    for (const message of news) this.#take(message);
    this.#sorted = undefined;
    this.#seq = last.seq;
  }

  #take({ subject, seq, body }: Stored<RecordBody>): void {
    if ("gone" in body) {
      this.#lines.delete(idOf(subject.split(".").at(-2) ?? ""));
      return;
    }
    const { id, providerId, createdAtMs, lifecycle } = body.record;
    this.#lines.set(id, { seq, record: { id, providerId, createdAtMs }, state: lifecycle.state });
  }
}
