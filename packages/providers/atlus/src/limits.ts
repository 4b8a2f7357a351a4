import type { LimitRule } from "@colloquy/core/contract";

const rule = (bucket: string, limit: number): LimitRule => ({
  bucket,
  // Counted per address that calls, which all sessions of a process share.
  scope: "account",
  limit,
  windowMs: 60_000,
  source: "ATLUS session API, limits per route and address",
  asOf: "2026-11-21",
});

/** Requests per minute and route. The service tells nothing of what is left. */
export const limits: readonly LimitRule[] = [
  rule("session_create", 50),
  rule("session_get", 100),
  rule("session_delete", 50),
  rule("session_continue", 100),
  rule("chat", 100),
];
