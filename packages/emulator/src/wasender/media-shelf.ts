import type { Account } from "./account.js";

export interface StoredMedia {
  bytes: Uint8Array;
  mimetype: string;
  /** Unix milliseconds; null for never. */
  expiresAtMs: number | null;
}

/** Puts a file where its URL can be fetched without a token, and returns that URL. */
export function shelve(
  account: Account,
  name: string,
  bytes: Uint8Array,
  mimetype: string,
  lifetimeMs: number | null,
): string {
  const expiresAtMs = lifetimeMs === null ? null : account.clock.now() + lifetimeMs;
  account.media.set(name, { bytes, mimetype, expiresAtMs });
  return `${account.root}/media/${name}`;
}

export function takeDown(account: Account, name: string): StoredMedia | undefined {
  const stored = account.media.get(name);
  if (stored?.expiresAtMs == null || account.clock.now() < stored.expiresAtMs) return stored;
  account.media.delete(name);
  return undefined;
}

/** The file behind a URL of this emulator; undefined for any other URL. */
export function fileBehind(account: Account, url: string): StoredMedia | undefined {
  const prefix = `${account.root}/media/`;
  return url.startsWith(prefix) ? takeDown(account, url.slice(prefix.length)) : undefined;
}
