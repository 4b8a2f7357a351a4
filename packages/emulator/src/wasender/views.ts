import type { Account } from "./account.js";
import type { Message, MessageKey } from "./message.js";
import type { Session } from "./session.js";

/** A session as tests and the control page see it. */
export interface SessionView {
  id: number;
  name: string;
  phoneNumber: string;
  /** The word of the wire, in lower case. */
  status: string;
  apiKey: string;
  webhookSecret: string;
  accountProtection: boolean;
  logMessages: boolean;
  webhookUrl: string | null;
  webhookEnabled: boolean;
  webhookEvents: string[] | null;
  /** Digits of the phone that is linked; null when none is. */
  linkedAs: string | null;
  /** The raw pairing string on show; null when none is. */
  qrCode: string | null;
  qrExpiresAtMs: number | null;
  networkUp: boolean;
  createdAtMs: number;
}

/** A message that the emulator accepted, whether or not its answer arrived. */
export interface SentView {
  msgId: number;
  sessionId: number;
  /** The recipient as given. */
  to: string;
  text?: string;
  /** The request's body. */
  body: Record<string, unknown>;
  acceptedAtMs: number;
  key: MessageKey;
  /** 0 error, 1 pending, 2 sent, 3 delivered, 4 read, 5 played. */
  status: number;
}

export type TokenKind = "pat" | "session" | "none" | "invalid";

/** One HTTP request below the base URL. */
export interface RequestView {
  method: string;
  /** Below the base URL, without the query. */
  path: string;
  query: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Parsed when it is JSON; otherwise the text; undefined when there was none. */
  body: unknown;
  /** What was answered; null while it is under way and when the socket was destroyed or left hanging. */
  status: number | null;
  atMs: number;
  tokenKind: TokenKind;
  sessionId?: number;
  /** The kind of fault that met it, when one did. */
  fault?: string;
}

/** A request that came before the limit allowed it. */
export interface LimitViolation {
  sessionId: number;
  bucket: string;
  atMs: number;
  /** When it would have been allowed. */
  allowedAtMs: number;
}

/** One attempt to deliver a webhook. */
export interface DeliveryView {
  event: string;
  sessionId: number;
  url: string;
  /** The receiver's HTTP status; null when no answer came. */
  status: number | null;
  /** When it left. */
  atMs: number;
  /** The envelope that was posted. */
  body: unknown;
  /** The value of X-Webhook-Signature; null when the header was missing. */
  signature: string | null;
  /** The emulator made it up, with a wrong signature. */
  forged: boolean;
}

export function sessionView(session: Session): SessionView {
  const { settings } = session;
  return {
    id: session.id,
    name: settings.name,
    phoneNumber: settings.phone_number,
    status: session.status,
    apiKey: session.apiKey,
    webhookSecret: session.webhookSecret,
    accountProtection: settings.account_protection,
    logMessages: settings.log_messages,
    webhookUrl: settings.webhook_url,
    webhookEnabled: settings.webhook_enabled,
    webhookEvents: settings.webhook_events,
    linkedAs: session.linkedAs,
    qrCode: session.qr?.code ?? null,
    qrExpiresAtMs: session.qr?.expiresAtMs ?? null,
    networkUp: session.networkUp,
    createdAtMs: session.createdAtMs,
  };
}

function sentView(message: Message): SentView {
  const text = message.body["text"];
  return {
    msgId: message.msgId,
    sessionId: message.sessionId,
    to: message.to,
    ...(typeof text === "string" ? { text } : {}),
    body: message.body,
    acceptedAtMs: message.acceptedAtMs,
    key: message.key,
    status: message.status,
  };
}

export function sentViews(account: Account): SentView[] {
  return [...account.messages.values()].map(sentView);
}
