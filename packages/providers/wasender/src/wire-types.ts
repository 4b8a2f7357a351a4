/** The body of `POST /send-message`: these keys and no others. */
export interface SendMessageBody {
  readonly to: string;
  readonly text?: string;
  readonly imageUrl?: string;
  readonly videoUrl?: string;
  readonly documentUrl?: string;
  readonly fileName?: string;
  readonly audioUrl?: string;
  readonly stickerUrl?: string;
  readonly contact?: { readonly name: string; readonly phone: string };
  readonly location?: {
    readonly latitude: number;
    readonly longitude: number;
    readonly name?: string;
    readonly address?: string;
  };
  readonly poll?: { readonly question: string; readonly options: readonly string[]; readonly multiSelect: boolean };
  readonly replyTo?: number;
  readonly mentions?: readonly string[];
  readonly viewOnce?: boolean;
}

/** Webhook events as the documentation names them (August 2026). New ones may appear. */
export const webhookEvents = [
  "call",
  "chats.delete",
  "chats.update",
  "chats.upsert",
  "contacts.update",
  "contacts.upsert",
  "group-participants.update",
  "groups.update",
  "groups.upsert",
  "message-receipt.update",
  "message.sent",
  "messages-group.received",
  "messages-newsletter.received",
  "messages-personal.received",
  "messages.delete",
  "messages.reaction",
  "messages.received",
  "messages.update",
  "messages.upsert",
  "passkey.updated",
  "poll.results",
  "qrcode.updated",
  "session.status",
] as const;

export type WasenderWebhookEvent = (typeof webhookEvents)[number];

/** Names that circulate in examples but are never sent, with the real one. */
export const mistakenEvents: Readonly<Record<string, WasenderWebhookEvent>> = {
  "call.received": "call",
  "message.created": "messages.received",
  "message.received": "messages.received",
  "messages.recieved": "messages.received",
  "message.updated": "messages.update",
  "status.update": "session.status",
};
