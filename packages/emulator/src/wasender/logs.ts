import type { Account } from "./account.js";
import type { Session } from "./session.js";
import { plainTime } from "./wire-time.js";

/** A row of the message log; ids are strings on the wire, and `content` is JSON inside a string. */
export interface MessageLogRow {
  id: number;
  sessionId: number;
  msgId: number;
  to: string | null;
  content: string | null;
  status: "sent" | "in_progress" | "failed";
  failedReason: string | null;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface SessionLogRow {
  id: number;
  sessionId: number;
  eventType: "session_restarted" | "status_change";
  status: string;
  occurredAtMs: number;
}

/** Writes a row for an accepted message; without `log_messages` it says neither to whom nor what. */
export function logMessage(account: Account, session: Session, msgId: number, to: string, content: unknown): void {
  const nowMs = account.clock.now();
  const kept = session.settings.log_messages;
  account.messageLogs.set(msgId, {
    id: ++account.lastIds.messageLog,
    sessionId: session.id,
    msgId,
    to: kept ? to : null,
    content: kept ? JSON.stringify(content) : null,
    status: "in_progress",
    failedReason: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  });
}

export function settleMessageLog(
  account: Account,
  msgId: number,
  status: MessageLogRow["status"],
  failedReason: string | null = null,
): void {
  const row = account.messageLogs.get(msgId);
  if (row === undefined) return;
  Object.assign(row, { status, failedReason, updatedAtMs: account.clock.now() });
}

export function logSessionEvent(account: Account, session: Session, eventType: SessionLogRow["eventType"]): void {
  const id = ++account.lastIds.sessionLog;
  const occurredAtMs = account.clock.now();
  account.sessionLogs.push({ id, sessionId: session.id, eventType, status: session.status, occurredAtMs });
}

export function messageLogJson(row: MessageLogRow): Record<string, unknown> {
  return {
    id: String(row.id),
    whatsapp_session_id: String(row.sessionId),
    to: row.to,
    content: row.content,
    status: row.status,
    failed_reason: row.failedReason,
    created_at: plainTime(row.createdAtMs),
    updated_at: plainTime(row.updatedAtMs),
  };
}

export function sessionLogJson(row: SessionLogRow): Record<string, unknown> {
  return {
    id: String(row.id),
    whatsapp_session_id: String(row.sessionId),
    event_type: row.eventType,
    status: row.status,
    occurred_at: new Date(row.occurredAtMs).toISOString().replace("Z", "000Z"),
  };
}
