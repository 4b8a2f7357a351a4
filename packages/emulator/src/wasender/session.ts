import type { EmulatorTimer } from "../clock.js";
import type { Contact } from "./contacts.js";
import type { Inbound } from "./inbound.js";
import type { BucketName } from "./limit-table.js";

/** What a person chose for a session; the keys are the wire's. */
export interface SessionSettings {
  name: string;
  phone_number: string;
  account_protection: boolean;
  log_messages: boolean;
  read_incoming_messages: boolean;
  webhook_url: string | null;
  webhook_enabled: boolean;
  webhook_events: string[] | null;
  auto_reject_calls: boolean;
  ignore_groups: boolean;
  ignore_channels: boolean;
  ignore_broadcasts: boolean;
  always_online: boolean;
  proxy_url: string | null;
}

export interface ShownQr {
  code: string;
  shownAtMs: number;
  expiresAtMs: number;
  /** How many codes of this connect came before. */
  refreshes: number;
}

export interface PasskeyRequest {
  token: string;
  requestId: string;
  expiresAtMs: number;
}

/** Use of one allowance since the window began. */
export interface LimitWindow {
  startedAtMs: number;
  used: number;
}

/** What a session waits for; one timer of each at most. */
export type SessionTimer = "qr" | "scan" | "link" | "unlink" | "passkey";

export interface Session {
  readonly id: number;
  readonly settings: SessionSettings;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** The word of the wire, in lower case. */
  status: string;
  statusAtMs: number;
  lastActiveAtMs: number | null;
  apiKey: string;
  readonly webhookSecret: string;
  /** Digits of the phone that is linked, which need not be the session's own. */
  linkedAs: string | null;
  qr: ShownQr | null;
  passkey: PasskeyRequest | null;
  networkUp: boolean;
  /** Messages that came while the network was down. */
  readonly heldInbound: Inbound[];
  readonly timers: Map<SessionTimer, EmulatorTimer>;
  readonly windows: Map<BucketName | `${BucketName}Daily`, LimitWindow>;
  lastSendAtMs: number | null;
  acceptedSends: number;
  requestsUnderWay: number;
  readonly contacts: Map<string, Contact>;
  /** Messages that nobody has read yet, by chat. */
  readonly unread: Map<string, number>;
}

/** Replaces a timer of the session; the same thing is never waited for twice. */
export function setSessionTimer(session: Session, name: SessionTimer, timer: EmulatorTimer): void {
  session.timers.get(name)?.cancel();
  session.timers.set(name, timer);
}

export function cancelSessionTimers(session: Session, ...names: SessionTimer[]): void {
  for (const name of names.length > 0 ? names : [...session.timers.keys()]) {
    session.timers.get(name)?.cancel();
    session.timers.delete(name);
  }
}
