import { z } from "zod";
import { optionalText } from "../decode.js";
import { isRecord, type JsonRecord, withoutUndefined } from "../json.js";

/** A session at the organisation. `raw` is the document as it came. */
export interface OrgSession {
  readonly sessionId: string;
  /** In lower case: `pending`, `validated`, `expired`, `failed`, or another word. */
  readonly status: string;
  readonly subjectId?: string;
  /** What is known so far: given at the creation, with every answer put into it, the ones that did not fit too. */
  readonly messageData: JsonRecord;
  readonly messageDataTemplate: JsonRecord;
  readonly receptionChannelId?: string;
  /** Absent: never. */
  readonly expiresAtMs?: number;
  /** Its date is past, by our clock. The server marks it only in its next sweep, up to five minutes later. */
  readonly isOverdue: boolean;
  /** When the last answer was checked. Told by `sessions.query` only. */
  readonly lastValidatedAtMs?: number;
  readonly dslExecutionId?: string;
  readonly raw: JsonRecord;
}

const document = z.looseObject({ session_id: z.string().min(1), status: z.string().min(1), subject_id: optionalText });

/** Of one document, at the instant of its arrival. */
export function sessionShape(receivedAtMs: number): z.ZodType<OrgSession> {
  return document.transform((found) => sessionOf(found, receivedAtMs));
}

function sessionOf(found: z.infer<typeof document>, receivedAtMs: number): OrgSession {
  const status = found.status.trim().toLowerCase();
  // A date of null or of another type never comes.
  const expiresAtMs = secondsAt(found, "expiry_date");
  return withoutUndefined<OrgSession>({
    sessionId: found.session_id,
    status,
    subjectId: found.subject_id,
    messageData: recordAt(found, "message_data"),
    messageDataTemplate: recordAt(found, "message_data_template"),
    receptionChannelId: textAt(found, "reception_channel_id"),
    expiresAtMs,
    isOverdue: status === "pending" && expiresAtMs !== undefined && expiresAtMs < receivedAtMs,
    lastValidatedAtMs: secondsAt(found, "last_validated_at"),
    dslExecutionId: textAt(found, "dsl_execution_id"),
    raw: found,
  });
}

function recordAt(found: JsonRecord, key: string): JsonRecord {
  const value = found[key];
  return isRecord(value) ? value : {};
}

function textAt(found: JsonRecord, key: string): string | undefined {
  const value = found[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function secondsAt(found: JsonRecord, key: string): number | undefined {
  const value = found[key];
  return typeof value === "number" && Number.isFinite(value) ? value * 1_000 : undefined;
}
