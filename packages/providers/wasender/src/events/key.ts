import { isRecord, textAt } from "../json.js";

/** WhatsApp's name of one message. */
export interface MessageKey {
  readonly id: string;
  readonly chatId: string;
  /** Absent when the event does not say. */
  readonly fromMe?: boolean;
  /** In groups: who. */
  readonly participant?: string;
  readonly fields: unknown;
}

/** The key of a message, when it names one. */
export function readKey(value: unknown): MessageKey | undefined {
  const id = textAt(value, "id");
  const chatId = textAt(value, "remoteJid");
  if (id === undefined || chatId === undefined || !isRecord(value)) return undefined;
  const { fromMe } = value;
  const participant = textAt(value, "participant");
  return {
    id,
    chatId,
    ...(typeof fromMe === "boolean" ? { fromMe } : {}),
    ...(participant === undefined ? {} : { participant }),
    fields: value,
  };
}

/** One thing or a list of them: the documentation shows one form, deliveries come in both. */
export function each(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
