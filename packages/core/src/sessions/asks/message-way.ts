import {
  type AskQuestion,
  type AskReceipt,
  ColloquyError,
  isColloquyError,
  type MessageId,
  type Problem,
} from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";
import { checkMessage } from "../check-message.js";
import type { SessionHost } from "../session-host.js";
import type { AskWay, PutOptions } from "./ask-way.js";
import { chatKey } from "./chat-key.js";

/** Puts questions as messages of a session; the next text of that chat is the answer. */
export class MessageWay implements AskWay {
  readonly lane: string;
  readonly capacity = 1;
  readonly isFinal = false;
  readonly needsSession = false;
  readonly comesBack = false;
  readonly inTurnWithSends = false;
  readonly canRemind = true;
  readonly #carrier: SessionHost;
  readonly #to: string;

  constructor(carrier: SessionHost, to: string) {
    this.#carrier = carrier;
    this.#to = to;
    this.lane = chatKey(carrier.record.id, to);
  }

  /** Throws what the carrier would refuse of such a message. */
  check({ text }: AskQuestion): readonly Problem[] {
    checkMessage(this.#carrier.provider, { to: this.#to, text });
    return [];
  }

  async ready(): Promise<void> {
    await this.#carrier.ready();
    const leave = this.#carrier.leave();
    if (leave instanceof ColloquyError) throw leave;
  }

  keys(): readonly string[] {
    return [this.lane];
  }

  async mark(): Promise<undefined> {
    return undefined;
  }

  async put(row: AskRow, { onDispatch }: PutOptions): Promise<AskReceipt> {
    await this.#carrier.ready();
    await onDispatch();
    return this.#send(row, `${row.id}.question`);
  }

  /** The same message id is the same message, so that asking for it again tells its fate or goes on with it. */
  settle(row: AskRow): Promise<AskReceipt> {
    return this.#send(row, `${row.id}.question`);
  }

  async remind(row: AskRow): Promise<void> {
    await this.#send(row, `${row.id}.reminder.${row.reminderCount}`);
  }

  async escalate(row: AskRow): Promise<void> {
    await this.#carrier.ready();
    await this.#send(row, `${row.id}.escalation`);
  }

  async #send({ question: { text } }: AskRow, id: MessageId): Promise<AskReceipt> {
    const [accepted] = await this.#carrier.outbox.accept([{ id, to: this.#to, text }]);
    try {
      const sent = await accepted?.settled;
      return sent ? { providerAskId: sent.providerMessageId } : {};
    } catch (error) {
      // It may have arrived, and then an answer may come: it is waited for until the deadline.
      if (isColloquyError(error) && error.code === "OUTCOME_UNKNOWN") return {};
      throw error;
    }
  }
}
