import type { MessageId } from "./ids.js";

export type MediaKind = "image" | "video" | "audio" | "document" | "sticker";
export type MessageKind = "text" | MediaKind | "contact" | "location" | "poll";

/** Who goes first when sends wait for a permit of the same session. Default `normal`. */
export type Priority = "urgent" | "normal" | "bulk";

/**
 * A message to send. `text` alone is a text message; beside `media` it is the caption.
 * Exactly one of `media`, `contact`, `location`, `poll` may be present.
 */
export interface OutboundMessage {
  /** Default: minted. Give your own to make a repeated `send` return the first one's result instead of sending twice. */
  readonly id?: MessageId;
  /** Recipient in the provider's form; phone numbers in E.164, with or without `+`. */
  readonly to: string;
  readonly text?: string;
  readonly media?: {
    readonly kind: MediaKind;
    /** Public URL from which the provider fetches the file. */
    readonly url: string;
    /** For documents. */
    readonly fileName?: string;
  };
  readonly contact?: { readonly name: string; readonly phone: string };
  readonly location?: {
    readonly latitude: number;
    readonly longitude: number;
    readonly name?: string;
    readonly address?: string;
  };
  readonly poll?: {
    readonly question: string;
    readonly options: readonly string[];
    /** Default false. */
    readonly multiSelect?: boolean;
  };
  /** The provider's id of the message that this one answers. */
  readonly replyTo?: string;
  /** Accounts mentioned in a group message. */
  readonly mentions?: readonly string[];
  readonly viewOnce?: boolean;
  readonly priority?: Priority;
}

/** What the provider said when it took a message. */
export interface SendReceipt {
  /** The provider's id of the message, as text. */
  readonly providerMessageId: string;
  /** The provider's own word, for example `in_progress`. */
  readonly status: string;
}

/** A message that somebody sent to the session. */
export interface InboundMessage {
  /** The provider's id of the message. */
  readonly providerMessageId: string;
  /** The conversation: a person or a group, in the provider's form. */
  readonly chatId: string;
  readonly from: {
    /** As this message addresses them: the same person may have another one in the next message. */
    readonly id: string;
    /** The network's id of the person that is no phone number, where it has one and told it. */
    readonly lid?: string;
    /** E.164 with `+`, where it was told, now or by an earlier delivery. */
    readonly phone?: string;
    readonly displayName?: string;
  };
  readonly kind: MessageKind | "unknown";
  readonly text?: string;
  readonly sentAtMs?: number;
}

/** The kind of an outbound message; `undefined` when it carries nothing. */
export function messageKindOf(message: OutboundMessage): MessageKind | undefined {
  if (message.media) return message.media.kind;
  if (message.contact) return "contact";
  if (message.location) return "location";
  if (message.poll) return "poll";
  return message.text ? "text" : undefined;
}
