import { type ConversationId, type ConversationSeal, conversationNotFound, type SecretSeal } from "@colloquy/core";
import { Journal } from "../store/journal.js";
import { Journals } from "../store/journals.js";
import type { StreamLog } from "../store/stream-log.js";
import type { Subjects } from "../store/subjects.js";
import {
  type KeptTranscript,
  type Line,
  type Transcript,
  type TranscriptEvent,
  transcriptFold,
} from "./transcript-fold.js";

/** Seals that are kept at hand. ASSUMED: about a kilobyte each. */
const mostSeals = 1_000;

/** A conversation as a step finds it. */
export interface Found {
  readonly id: ConversationId;
  readonly state: Transcript;
  readonly line: Line;
  /** Undefined for what is not encrypted. */
  readonly seal: ConversationSeal | undefined;
}

/** What a step writes, and what it gives once that is written. */
export interface Step<Result> {
  readonly event?: TranscriptEvent;
  readonly forgetsPast?: boolean;
  readonly result: () => Result;
}

/** What the parts of this group share: each conversation is a history of its own, whose texts are sealed where it is encrypted. */
export class Shelf {
  readonly #journals: Journals<Transcript, TranscriptEvent, KeptTranscript>;
  readonly #subjects: Subjects;
  readonly #secretSeal: SecretSeal;
  readonly #seals = new Map<string, ConversationSeal>();

  constructor(log: StreamLog, subjects: Subjects, secretSeal: SecretSeal) {
    this.#journals = new Journals((subject) => new Journal(log, subject, transcriptFold));
    this.#subjects = subjects;
    this.#secretSeal = secretSeal;
  }

  /** Undefined when there is none. Does not ask the server when message `knownSeq` is known already. */
  async read<Result>(
    id: ConversationId,
    look: (found: Found) => Result,
    knownSeq?: number,
  ): Promise<Result | undefined> {
    for (let salt: string | undefined; ; ) {
      const seal = await this.#sealOf(id, salt);
      const answer = await this.#journal(id).read((state) => {
        if (!state.line) return {};
        if (state.line.salt !== salt) return { salt: state.line.salt };
        return { result: look({ id, state, line: state.line, seal }) };
      }, knownSeq);
      if (!("salt" in answer)) return answer.result;
      salt = answer.salt;
    }
  }

  /** Fails with `SESSION_NOT_FOUND`. `decide` may be asked several times, and may throw. */
  async change<Result>(id: ConversationId, decide: (found: Found) => Step<Result>): Promise<Result> {
    for (let salt: string | undefined; ; ) {
      const seal = await this.#sealOf(id, salt);
      const answer = await this.#decided(id, (state): Step<{ salt: string | undefined } | { result: Result }> => {
        const { line } = state;
        if (!line) throw conversationNotFound(id);
        if (line.salt !== salt) return { result: () => ({ salt: line.salt }) };
        const { result, ...step } = decide({ id, state, line, seal });
        return { ...step, result: () => ({ result: result() }) };
      });
      if ("result" in answer) return answer.result;
      salt = answer.salt;
    }
  }

  /** With a salt for what is to be encrypted. `decide` gets the line of what is there under this id, if anything is. */
  async make<Result>(
    id: ConversationId,
    salt: string | undefined,
    decide: (line: Line | undefined, seal: ConversationSeal | undefined) => Step<Result>,
  ): Promise<Result> {
    const seal = await this.#sealOf(id, salt);
    return this.#decided(id, ({ line }) => decide(line, seal));
  }

  /** Needs no key. False when there was none, or when it is not to be removed as it is now. */
  remove(id: ConversationId, isWanted: (line: Line) => boolean = () => true): Promise<boolean> {
    return this.#decided(id, ({ line }): Step<boolean> => {
      if (!line || !isWanted(line)) return { result: () => false };
      return { event: { gone: true }, forgetsPast: true, result: () => true };
    });
  }

  newSalt(): string {
    return this.#secretSeal.newSalt();
  }

  #journal(id: ConversationId): Journal<Transcript, TranscriptEvent, KeptTranscript> {
    return this.#journals.at(this.#subjects.conversation(id));
  }

  /** A refusal counts only when it was made on what is newest, so it is thrown as a result. */
  #decided<Result>(id: ConversationId, decide: (state: Transcript) => Step<Result>): Promise<Result> {
    return this.#journal(id).change((state) => {
      try {
        return decide(state);
      } catch (error) {
        return {
          result: () => {
            throw error;
          },
        };
      }
    });
  }

  /** Fails with `SECRET_UNREADABLE` when the key is missing or another one. */
  async #sealOf(id: ConversationId, salt: string | undefined): Promise<ConversationSeal | undefined> {
    if (salt === undefined) return undefined;
    const name = `${salt} ${id}`;
    const known = this.#seals.get(name);
    if (known) return known;
    const seal = await this.#secretSeal.conversationSeal(id, salt);
    if (this.#seals.size >= mostSeals) this.#seals.clear();
    this.#seals.set(name, seal);
    return seal;
  }
}
