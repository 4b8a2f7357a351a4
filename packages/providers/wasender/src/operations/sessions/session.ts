import type { JsonValue } from "@colloquy/core/contract";
import { z } from "zod";
import { idText, optionalFlag, optionalText, rowShape } from "../../decode.js";
import { type JsonRecord, withoutUndefined } from "../../json.js";
import { writtenInstantMs } from "../../timestamps.js";

/** A session at Wasender. Keys that the documentation does not promise may be absent; unknown ones stay in `raw`. */
export interface WasenderSession {
  readonly id: string;
  readonly name?: string;
  /** The number that the session was made for, as it was given. Not a proof of who is linked. */
  readonly phoneNumber?: string;
  /** In lower case: `disconnected`, `connecting`, `need_scan`, `connected`, … */
  readonly status?: string;
  readonly accountProtection?: boolean;
  readonly logMessages?: boolean;
  readonly readIncomingMessages?: boolean;
  readonly webhookUrl?: string;
  readonly webhookEnabled?: boolean;
  readonly webhookEvents?: readonly string[];
  readonly createdAtMs?: number;
  readonly updatedAtMs?: number;
  /** The row as it came. */
  readonly raw: JsonRecord;
}

/** What only the detail answers tell. Both keys are secrets. */
export interface WasenderSessionDetail extends WasenderSession {
  /** Secret: the session's own API key. */
  readonly apiKey?: string;
  /** Secret: what the webhook's signature header must equal. */
  readonly webhookSecret?: string;
}

const row = z.looseObject({
  id: idText,
  name: optionalText,
  phone_number: optionalText,
  status: optionalText,
  account_protection: optionalFlag,
  log_messages: optionalFlag,
  read_incoming_messages: optionalFlag,
  webhook_url: optionalText,
  webhook_enabled: optionalFlag,
  webhook_events: z.array(z.string()).optional().catch(undefined),
  api_key: optionalText,
  webhook_secret: optionalText,
  created_at: z.unknown().optional(),
  updated_at: z.unknown().optional(),
});

/** A row of the list. Only the id is needed to go on, so only the id is demanded. */
export const sessionRow: z.ZodType<WasenderSession> = rowShape(row, sessionOf);

export const sessionDetail: z.ZodType<WasenderSessionDetail> = rowShape(row, (found, raw) => ({
  ...sessionOf(found, raw),
  ...(found.api_key === undefined ? {} : { apiKey: found.api_key }),
  ...(found.webhook_secret === undefined ? {} : { webhookSecret: found.webhook_secret }),
}));

function sessionOf(found: z.infer<typeof row>, raw: JsonRecord): WasenderSession {
  return withoutUndefined<WasenderSession>({
    id: found.id,
    name: found.name,
    phoneNumber: found.phone_number,
    status: found.status?.toLowerCase(),
    accountProtection: found.account_protection,
    logMessages: found.log_messages,
    readIncomingMessages: found.read_incoming_messages,
    webhookUrl: found.webhook_url,
    webhookEnabled: found.webhook_enabled,
    webhookEvents: found.webhook_events,
    createdAtMs: writtenInstantMs(found.created_at),
    updatedAtMs: writtenInstantMs(found.updated_at),
    raw,
  });
}

/** What of a session limits and facets depend on. */
export function settingsOf(session: WasenderSession): Readonly<Record<string, JsonValue>> {
  const { accountProtection, logMessages } = session;
  return {
    ...(accountProtection === undefined ? {} : { accountProtection }),
    ...(logMessages === undefined ? {} : { logMessages }),
  };
}

/** The keys of a session under the names by which they are stored. */
export function secretsOf({ apiKey, webhookSecret }: WasenderSessionDetail): Readonly<Record<string, string>> {
  return {
    ...(apiKey === undefined ? {} : { session_key: apiKey }),
    ...(webhookSecret === undefined ? {} : { webhook_secret: webhookSecret }),
  };
}
