import type { PagedOperation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, idText, optionalText, rowShape } from "../../decode.js";
import { type SessionTarget, sessionParams } from "../../input.js";
import { type JsonRecord, withoutUndefined } from "../../json.js";
import { writtenInstantMs } from "../../timestamps.js";
import { logPage, type Page, type PageInput, pagingBy } from "../pages.js";

/** One send as the provider logged it. */
export interface MessageLogRow {
  /** Names the row for `messages.resend`; not the id of the message. */
  readonly id: string;
  readonly sessionId?: string;
  /** Absent while `logMessages` is off, like `content`. */
  readonly to?: string;
  /** The request as it was sent, parsed. */
  readonly content?: unknown;
  /** `sent`, `in_progress` or `failed`. */
  readonly status: string;
  readonly failedReason?: string;
  readonly createdAtMs?: number;
  readonly updatedAtMs?: number;
  readonly raw: JsonRecord;
}

export interface SessionLogRow {
  readonly id: string;
  readonly sessionId?: string;
  /** `status_change` or `session_restarted`. */
  readonly eventType: string;
  /** In lower case. */
  readonly status?: string;
  readonly occurredAtMs?: number;
  readonly raw: JsonRecord;
}

const messageRow = rowShape(
  z.looseObject({
    id: idText,
    whatsapp_session_id: idText.optional().catch(undefined),
    to: optionalText,
    content: optionalText,
    status: z.string(),
    failed_reason: optionalText,
    created_at: z.unknown().optional(),
    updated_at: z.unknown().optional(),
  }),
  (row, raw) =>
    withoutUndefined<MessageLogRow>({
      id: row.id,
      sessionId: row.whatsapp_session_id,
      to: row.to,
      content: row.content === undefined ? undefined : parsedContent(row.content),
      status: row.status.toLowerCase(),
      failedReason: row.failed_reason,
      createdAtMs: writtenInstantMs(row.created_at),
      updatedAtMs: writtenInstantMs(row.updated_at),
      raw,
    }),
);

const sessionLogRow = rowShape(
  z.looseObject({
    id: idText,
    whatsapp_session_id: idText.optional().catch(undefined),
    event_type: z.string(),
    status: optionalText,
    occurred_at: z.unknown().optional(),
  }),
  (row, raw) =>
    withoutUndefined<SessionLogRow>({
      id: row.id,
      sessionId: row.whatsapp_session_id,
      eventType: row.event_type,
      status: row.status?.toLowerCase(),
      occurredAtMs: writtenInstantMs(row.occurred_at),
      raw,
    }),
);

/** The content column is JSON inside a string; a row whose text is something else is still a row. */
function parsedContent(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}

const messagePage = z.looseObject({ data: logPage(messageRow) });
const sessionPage = z.looseObject({ data: logPage(sessionLogRow) });

export type MessageLogInput = SessionTarget & PageInput & { readonly status?: "sent" | "failed" | "in_progress" };

export const messageLogs: PagedOperation<MessageLogInput, Page<MessageLogRow>, MessageLogRow> = {
  name: "sessions.messageLogs",
  summary: "What the session sent, newest page first, optionally of one status.",
  method: "GET",
  path: "/whatsapp-sessions/{id}/message-logs",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({
    params: sessionParams("sessions.messageLogs", input, context),
    query: { page: input.page, per_page: input.perPage, status: input.status },
  }),
  decode: (response) => decodeBody("sessions.messageLogs", messagePage, response).data,
  paging: pagingBy(({ id }) => id),
};

export const sessionLogs: PagedOperation<SessionTarget & PageInput, Page<SessionLogRow>, SessionLogRow> = {
  name: "sessions.sessionLogs",
  summary: "Status changes and restarts of the session.",
  method: "GET",
  path: "/whatsapp-sessions/{id}/session-logs",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({
    params: sessionParams("sessions.sessionLogs", input, context),
    query: { page: input.page, per_page: input.perPage },
  }),
  decode: (response) => decodeBody("sessions.sessionLogs", sessionPage, response).data,
  paging: pagingBy(({ id }) => id),
};
