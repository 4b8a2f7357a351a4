import { randomBytes } from "node:crypto";
import { DeliverPolicy } from "@nats-io/jetstream";
import { corrupt, kindOf, storeFailure } from "../failure.js";
import type { Link, Tools } from "../link.js";

/** Of the room of one message, for headers. ASSUMED. */
const headerBytes = 1_024;

/** So many messages are asked for one by one; for more, a consumer is made. ASSUMED: what a consumer costs. */
const mostSingly = 8;

/** In one pull of a consumer. ASSUMED. */
const mostInPull = 1_000;

/** What a stored message holds: its body, or where the parts of a long one lie. */
interface Envelope<T> {
  /** Of the write that made it: nobody else's is the same. */
  readonly stamp: string;
  readonly body?: T;
  readonly parts?: readonly number[];
}

export interface Stored<T> {
  readonly subject: string;
  readonly seq: number;
  readonly atMs: number;
  readonly stamp: string;
  readonly body: T;
  readonly bytes: number;
  readonly hasParts: boolean;
}

export type Appended = Pick<Stored<unknown>, "seq" | "bytes" | "hasParts">;

interface Raw {
  readonly subject: string;
  readonly seq: number;
  readonly atMs: number;
  readonly data: Uint8Array;
}

/**
 * Messages of one stream, each subject a history of its own. A write names the last number that it knows of its subject, and is
 * refused when there is a newer one: that is the compare-and-set of everything here. Reads go to the leader of the stream.
 */
export class StreamLog {
  readonly #link: Link;
  readonly stream: string;

  constructor(link: Link, stream: string) {
    this.#link = link;
    this.stream = stream;
  }

  newStamp(): string {
    return randomBytes(12).toString("base64url");
  }

  /**
   * Undefined when `after` is not the last of its subject any more. A write whose answer was lost is
   * repeated, and known again by its stamp. What is too long for one message lies in parts before it.
   */
  async append(
    subject: string,
    body: unknown,
    after: number,
    stamp: string = this.newStamp(),
  ): Promise<Appended | undefined> {
    const text = JSON.stringify(body);
    const bytes = Buffer.byteLength(text);
    const mostBytes = await this.#reading(async ({ nc }) => (nc.info?.max_payload ?? 2 ** 20) - headerBytes);
    const parts =
      bytes > mostBytes - 256 ? await this.#appendParts(subject, Buffer.from(text), mostBytes, stamp) : undefined;
    const data = parts ? JSON.stringify({ stamp, parts }) : `{"stamp":"${stamp}","body":${text}}`;
    try {
      const { seq } = await this.#writing(({ js }) =>
        js.publish(subject, data, { msgID: stamp, expect: { lastSubjectSequence: after, streamName: this.stream } }),
      );
      return { seq, bytes, hasParts: parts !== undefined };
    } catch (error) {
      if (kindOf(error) !== "late") throw error;
    }
    // Perhaps it was this very write that came first.
    const next = await this.#raw({ seq: after + 1, next_by_subj: subject });
    if (next && envelopeOf(next).stamp === stamp) return { seq: next.seq, bytes, hasParts: parts !== undefined };
    if (parts) await this.forgetParts(subject, stamp);
    return undefined;
  }

  async last<T>(subject: string): Promise<Stored<T> | undefined> {
    const raw = await this.#raw({ last_by_subj: subject });
    return raw && this.#read<T>(raw);
  }

  /** Those after a number, up to another one that is there, oldest first. */
  async between<T>(subject: string, after: number, until: number): Promise<readonly Stored<T>[]> {
    const found: Raw[] = [];
    for (let from = after + 1; from <= until && found.length < mostSingly; ) {
      const raw = await this.#raw({ seq: from, next_by_subj: subject });
      if (!raw || raw.seq > until) return this.#readAll<T>(found);
      found.push(raw);
      from = raw.seq + 1;
    }
    const from = (found.at(-1)?.seq ?? after) + 1;
    if (from <= until) found.push(...(await this.#consume(subject, until, { deliver: "from", from })));
    return this.#readAll<T>(found);
  }

  /** The last message of each subject that a pattern takes in, up to a number that is there. */
  async lasts<T>(pattern: string, until: number): Promise<readonly Stored<T>[]> {
    return this.#readAll<T>(await this.#consume(pattern, until, { deliver: "lasts" }));
  }

  /** Removes all messages of a subject, or of what a pattern takes in, before a number. */
  async purge(pattern: string, before?: number): Promise<void> {
    await this.#writing(({ jsm }) =>
      jsm.streams.purge(this.stream, { filter: pattern, ...(before === undefined ? {} : { seq: before }) }),
    );
  }

  async forgetParts(subject: string, stamp: string): Promise<void> {
    await this.purge(`${subject}.part.${stamp}`);
  }

  async #appendParts(subject: string, bytes: Buffer, most: number, stamp: string): Promise<readonly number[]> {
    const seqs: number[] = [];
    for (let from = 0; from < bytes.length; from += most) {
      const part = bytes.subarray(from, from + most);
      const { seq } = await this.#writing(({ js }) =>
        js.publish(`${subject}.part.${stamp}`, part, { msgID: `${stamp}.${from}` }),
      );
      seqs.push(seq);
    }
    return seqs;
  }

  #raw(
    query: { last_by_subj: string } | { seq: number; next_by_subj: string } | { seq: number },
  ): Promise<Raw | undefined> {
    return this.#reading(async ({ jsm }) => {
      const message = await jsm.streams.getMessage(this.stream, query);
      if (!message) return undefined;
      return { subject: message.subject, seq: message.seq, atMs: message.time.getTime(), data: message.data };
    });
  }

  #reading<T>(run: (tools: Tools) => Promise<T>): Promise<T> {
    return this.#link.read(run).catch(fail);
  }

  #writing<T>(run: (tools: Tools) => Promise<T>): Promise<T> {
    return this.#link.write(run).catch(fail);
  }

  #consume(
    pattern: string,
    until: number,
    where: { readonly deliver: "lasts" } | { readonly deliver: "from"; readonly from: number },
  ): Promise<Raw[]> {
    return this.#reading((tools) => this.#consumeOnce(tools, pattern, until, where));
  }

  async #consumeOnce(
    { js }: Tools,
    pattern: string,
    until: number,
    where: { readonly deliver: "lasts" } | { readonly deliver: "from"; readonly from: number },
  ): Promise<Raw[]> {
    const consumer = await js.consumers.get(this.stream, {
      filter_subjects: pattern,
      ...(where.deliver === "lasts"
        ? { deliver_policy: DeliverPolicy.LastPerSubject }
        : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: where.from }),
    });
    const found: Raw[] = [];
    try {
      for (;;) {
        const messages = await consumer.fetch({ max_messages: mostInPull, expires: 1_000 });
        let isOver = true;
        for await (const { subject, seq, data, info } of messages) {
          if (seq <= until) found.push({ subject, seq, data, atMs: info.timestampNanos / 1e6 });
          isOver = seq >= until || info.pending === 0;
          if (isOver) break;
        }
        if (isOver) return found;
      }
    } finally {
      await consumer.delete().catch(() => {});
    }
  }

  async #readAll<T>(raws: readonly Raw[]): Promise<readonly Stored<T>[]> {
    return Promise.all(raws.map((raw) => this.#read<T>(raw)));
  }

  async #read<T>(raw: Raw): Promise<Stored<T>> {
    const { stamp, body, parts } = envelopeOf<T>(raw);
    const { subject, seq, atMs } = raw;
    if (!parts) return { subject, seq, atMs, stamp, body: body as T, bytes: raw.data.length, hasParts: false };
    const found = await Promise.all(parts.map((part) => this.#raw({ seq: part })));
    if (found.includes(undefined)) throw corrupt("A part of a message is missing.");
    const bytes = Buffer.concat(found.map((part) => part?.data ?? new Uint8Array()));
    return { subject, seq, atMs, stamp, body: parsed(bytes) as T, bytes: bytes.length, hasParts: true };
  }
}

/** That somebody wrote first is no failure here; a stream that is gone is one. */
function fail(error: unknown): never {
  throw kindOf(error) === "late" ? error : storeFailure(error);
}

function envelopeOf<T>({ data }: Raw): Envelope<T> {
  return parsed(data) as Envelope<T>;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (error) {
    // The parser's message quotes the text, which may be somebody's message.
    throw corrupt(`A message is not JSON: ${(error as Error).name}.`);
  }
}
