import type { Account } from "./account.js";
import { refuse } from "./failures.js";
import { cancelSessionTimers, type Session, type SessionSettings } from "./session.js";
import { isoSeconds } from "./wire-time.js";

const settingDefaults: Omit<SessionSettings, "name" | "phone_number"> = {
  account_protection: true,
  log_messages: true,
  read_incoming_messages: false,
  webhook_url: null,
  webhook_enabled: false,
  webhook_events: null,
  auto_reject_calls: false,
  ignore_groups: false,
  ignore_channels: false,
  ignore_broadcasts: false,
  always_online: false,
  proxy_url: null,
};

export function createSession(account: Account, chosen: Partial<SessionSettings>): Session {
  const { plan, sessionLimit } = account.weather.dials;
  if (plan === "none") refuse("noSubscription");
  const limit = sessionLimit ?? (plan === "trial" ? 1 : Number.POSITIVE_INFINITY);
  if (account.sessions.size >= limit) refuse("sessionLimit");

  const nowMs = account.clock.now();
  const session: Session = {
    id: ++account.lastIds.session,
    settings: { name: "", phone_number: "", ...settingDefaults, ...chosen },
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    status: "disconnected",
    statusAtMs: nowMs,
    lastActiveAtMs: null,
    apiKey: account.random.hex(64),
    webhookSecret: account.random.hex(32),
    linkedAs: null,
    qr: null,
    passkey: null,
    networkUp: true,
    heldInbound: [],
    timers: new Map(),
    windows: new Map(),
    lastSendAtMs: null,
    acceptedSends: 0,
    requestsUnderWay: 0,
    contacts: new Map(),
    unread: new Map(),
  };
  account.sessions.set(session.id, session);
  return session;
}

export function updateSession(account: Account, session: Session, changes: Partial<SessionSettings>): void {
  Object.assign(session.settings, changes);
  session.updatedAtMs = account.clock.now();
}

export function deleteSession(account: Account, session: Session): void {
  cancelSessionTimers(session);
  account.sessions.delete(session.id);
}

export function regenerateKey(account: Account, session: Session): string {
  session.apiKey = account.random.hex(64);
  session.updatedAtMs = account.clock.now();
  return session.apiKey;
}

export function findByKey(account: Account, apiKey: string): Session | undefined {
  return [...account.sessions.values()].find((session) => session.apiKey === apiKey);
}

/** A row of the list: no secrets in it. */
export function sessionRow(account: Account, session: Session): Record<string, unknown> {
  const { settings, status } = session;
  const { leakExtraKeys, upperCaseListStatus } = account.weather.dials;
  return {
    id: session.id,
    name: settings.name,
    phone_number: settings.phone_number,
    status: upperCaseListStatus && status === "disconnected" ? "DISCONNECTED" : status,
    account_protection: settings.account_protection,
    log_messages: settings.log_messages,
    read_incoming_messages: settings.read_incoming_messages,
    webhook_url: settings.webhook_url,
    webhook_enabled: settings.webhook_enabled,
    webhook_events: settings.webhook_events,
    created_at: isoSeconds(session.createdAtMs),
    updated_at: isoSeconds(session.updatedAtMs),
    ...(leakExtraKeys ? leakedKeys(session) : {}),
  };
}

export function sessionDetail(account: Account, session: Session): Record<string, unknown> {
  const { created_at, updated_at, ...row } = sessionRow(account, session);
  const { apiKey: api_key, webhookSecret: webhook_secret, status } = session;
  return { ...row, status, api_key, webhook_secret, created_at, updated_at };
}

/** Seen in live answers, promised by no documentation. */
function leakedKeys(session: Session): Record<string, unknown> {
  return {
    user_id: 1,
    session_data: { status_updated_at: isoSeconds(session.statusAtMs), status_info: { status: session.status } },
    last_active_at: session.lastActiveAtMs === null ? null : isoSeconds(session.lastActiveAtMs),
  };
}
