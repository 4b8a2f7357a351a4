import type { JsonValue, Problem } from "@colloquy/core/contract";
import { present } from "../../json.js";
import { normalisePhone } from "../../phone.js";
import { isWebUrl, problemOfProxy } from "../../urls.js";
import { mistakenEvents, type WasenderWebhookEvent } from "../../wire-types.js";

/** What can be set on a session, and changed later. */
export interface WasenderSessionChanges {
  readonly name?: string;
  /** The phone that will be linked, in E.164. Pairing with another one ends in `IDENTITY_MISMATCH`. */
  readonly phoneNumber?: string;
  /** Paces sends to one per 5 s to protect the number. Default at creation: true. */
  readonly accountProtection?: boolean;
  /** Keeps contents at the provider: needed for `messages.resend` and for texts in the message log. Default at creation: false. */
  readonly logMessages?: boolean;
  /** `null` takes the webhook away. */
  readonly webhookUrl?: string | null;
  /** Default at creation: true when `webhookUrl` is given. */
  readonly webhookEnabled?: boolean;
  readonly webhookEvents?: readonly (WasenderWebhookEvent | (string & {}))[] | null;
  readonly readIncomingMessages?: boolean;
  readonly autoRejectCalls?: boolean;
  readonly ignoreGroups?: boolean;
  readonly ignoreChannels?: boolean;
  readonly ignoreBroadcasts?: boolean;
  readonly alwaysOnline?: boolean;
  /** `http`, `https` or `socks5`, on a public domain. May hold a password, so treat it as a secret. */
  readonly proxyUrl?: string;
}

/** What `sessions.create("wasender", …)` takes. */
export interface WasenderSessionInput extends WasenderSessionChanges {
  readonly name: string;
  readonly phoneNumber: string;
}

/** Everything wrong with the settings, without network. */
export function problemsOfChanges(changes: WasenderSessionChanges): readonly Problem[] {
  const problems: Problem[] = [];
  const { name, phoneNumber, webhookUrl, proxyUrl } = changes;
  if (name !== undefined && (typeof name !== "string" || name.trim() === ""))
    problems.push({ field: "name", message: "May not be empty." });
  if (phoneNumber !== undefined && (typeof phoneNumber !== "string" || normalisePhone(phoneNumber) === undefined))
    problems.push({ field: "phoneNumber", message: "Must be a phone number in E.164, for example +15550100." });
  if (typeof webhookUrl === "string" && !isWebUrl(webhookUrl))
    problems.push({ field: "webhookUrl", message: "Must be an http or https URL." });
  for (const event of changes.webhookEvents ?? []) {
    const meant = Object.hasOwn(mistakenEvents, event) ? mistakenEvents[event] : undefined;
    if (meant !== undefined)
      problems.push({ field: "webhookEvents", message: `"${event}" is never sent; "${meant}" is.` });
  }
  const problem = proxyUrl === undefined ? undefined : problemOfProxy(proxyUrl);
  if (problem !== undefined) problems.push({ field: "proxyUrl", message: problem });
  return problems;
}

/** The same for a new session, which needs a name and a number. */
export function problemsOfSession(input: WasenderSessionInput): readonly Problem[] {
  const missing = (["name", "phoneNumber"] as const).filter((field) => input[field] === undefined);
  return [...missing.map((field) => ({ field, message: "Is required." })), ...problemsOfChanges(input)];
}

/** Absent and undefined are the same here. */
type Loose<Shape> = { readonly [Key in keyof Shape]: Shape[Key] | undefined };

/** As on the wire; what is not given is left out. */
export function settingsBody(changes: Loose<WasenderSessionChanges>): { readonly [key: string]: JsonValue } {
  const { phoneNumber } = changes;
  return present({
    name: changes.name,
    phone_number: phoneNumber === undefined ? undefined : normalisePhone(phoneNumber),
    account_protection: changes.accountProtection,
    log_messages: changes.logMessages,
    webhook_url: changes.webhookUrl,
    webhook_enabled: changes.webhookEnabled,
    webhook_events: changes.webhookEvents,
    read_incoming_messages: changes.readIncomingMessages,
    auto_reject_calls: changes.autoRejectCalls,
    ignore_groups: changes.ignoreGroups,
    ignore_channels: changes.ignoreChannels,
    ignore_broadcasts: changes.ignoreBroadcasts,
    always_online: changes.alwaysOnline,
    proxy_url: changes.proxyUrl,
  });
}
