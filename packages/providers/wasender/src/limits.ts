import type { LimitRule, Problem } from "@colloquy/core/contract";

export type WasenderPlan = "paid" | "trial";

/** Other figures for the limits on sending. The provider's answers still win over both. */
export interface WasenderLimitOptions {
  /** Sends per minute and session without account protection. Default 256 (paid) or 1 (trial). */
  readonly sendPerMinute?: number;
  /** Sends per day and session. Default: no limit (paid) or 50 (trial). */
  readonly sendPerDay?: number;
  /** Distance of two sends with account protection, in milliseconds. Default 5,000. Not used on trial, whose limit is lower. */
  readonly accountProtectionWindowMs?: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const source = "WasenderAPI documentation, rate limits";
const asOf = "2026-08-21";

const rule = (bucket: string, limit: number, windowMs: number): LimitRule => ({
  bucket,
  scope: "session",
  limit,
  windowMs,
  source,
  asOf,
});

const lookUps = (bucket: string, perMinute: number, perDay: number): readonly LimitRule[] => [
  rule(bucket, perMinute, minuteMs),
  rule(bucket, perDay, dayMs),
];

/** The limits of a plan. They count per endpoint and per session. */
export function limitsOf(plan: WasenderPlan, options: WasenderLimitOptions = {}): readonly LimitRule[] {
  const lookUpLimits =
    plan === "trial"
      ? ["group_metadata", "group_participants", "contact_picture", "on_whatsapp"].flatMap((bucket) =>
          lookUps(bucket, 10, 100),
        )
      : [
          ...lookUps("group_metadata", 10, 500),
          ...lookUps("group_participants", 10, 500),
          ...lookUps("contact_picture", 60, 1_000),
          ...lookUps("on_whatsapp", 60, 1_000),
        ];
  return [...sendLimits(plan, options), ...lookUpLimits];
}

function sendLimits(plan: WasenderPlan, options: WasenderLimitOptions): readonly LimitRule[] {
  const perDay = options.sendPerDay ?? (plan === "trial" ? 50 : undefined);
  const daily = perDay === undefined ? [] : [rule("send", perDay, dayMs)];
  // On trial the plan's limit rules whether or not the account is protected.
  if (plan === "trial") return [rule("send", options.sendPerMinute ?? 1, minuteMs), ...daily];
  // One short rule at a time, as the provider's headers tell of one window only.
  return [
    { ...rule("send", 1, options.accountProtectionWindowMs ?? 5_000), when: { accountProtection: true } },
    { ...rule("send", options.sendPerMinute ?? 256, minuteMs), when: { accountProtection: false } },
    ...daily,
  ];
}

export function problemsOfLimits(options: WasenderLimitOptions): readonly Problem[] {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && !(Number.isFinite(value) && value > 0))
    .map(([name]) => ({ field: `limits.${name}`, message: "Must be a number above 0." }));
}
