import type { Account } from "./account.js";
import { Refusal, throttleAnswer } from "./failures.js";
import { type Allowance, type BucketName, limitTable } from "./limit-table.js";
import type { LimitWindow, Session } from "./session.js";

const dayMs = 86_400_000;

/** One allowance as it stands. */
interface Grant {
  limit: number;
  remaining: number;
  resetAtMs: number;
  daily: boolean;
  /** What a refused client reads. */
  refusal: string;
  spend: () => void;
}

/**
 * Spends one unit of every allowance that the request meets, or refuses and spends nothing. Returns the headers that
 * tell how much is left; on a refusal they are in its answer.
 */
export function spendLimits(account: Account, session: Session, bucket: BucketName): Record<string, string> {
  const nowMs = account.clock.now();
  const grants = grantsOf(account, session, bucket);
  const wallMs = bucket === "send" ? account.weather.wallUntilMs : 0;
  const blocked = grants.filter((grant) => grant.remaining <= 0).toSorted((a, b) => b.resetAtMs - a.resetAtMs)[0];
  const allowedAtMs = Math.max(wallMs, blocked?.resetAtMs ?? 0);
  if (allowedAtMs > nowMs) {
    account.violations.push({ sessionId: session.id, bucket, atMs: nowMs, allowedAtMs });
    const refused = throttleAnswer(blocked?.refusal ?? tooMany, allowedAtMs - nowMs);
    throw new Refusal({ ...refused, headers: limitHeaders(account, grants, wallMs) });
  }
  for (const grant of grants) grant.spend();
  if (bucket === "send") session.lastSendAtMs = nowMs;
  return limitHeaders(account, grantsOf(account, session, bucket), 0);
}

/** Everything that limits an endpoint now, the most particular first. */
function grantsOf(account: Account, session: Session, bucket: BucketName): Grant[] {
  const { plan, accountProtectionMs } = account.weather.dials;
  const allowance = allowanceOf(account, session, bucket);
  const grants: Grant[] = [];
  // The limit of a trial still rules when account protection is on.
  if (bucket === "send" && plan !== "trial" && session.settings.account_protection && accountProtectionMs > 0) {
    grants.push(protectionGrant(account, session, accountProtectionMs * (hasHalved(account, session) ? 2 : 1)));
  }
  const minutes = Math.max(1, Math.round(allowance.windowMs / 60_000));
  const trialText = `You are on a free trial. You can only send ${allowance.limit} message every ${minutes} minute.`;
  const refusal = bucket === "send" && plan === "trial" ? trialText : tooMany;
  grants.push(windowGrant(account, session, bucket, allowance.limit, allowance.windowMs, refusal));
  if (allowance.dailyLimit !== null) {
    grants.push(windowGrant(account, session, `${bucket}Daily`, allowance.dailyLimit, dayMs, tooMany));
  }
  return grants;
}

/** Laravel's own words when a limit has no text of its own. */
const tooMany = "Too Many Attempts.";

/** The table's allowance with the dials on top of it. */
function allowanceOf(account: Account, session: Session, bucket: BucketName): Allowance {
  const { dials } = account.weather;
  const table = limitTable[dials.plan === "trial" ? "trial" : "paid"][bucket];
  const { limit, windowMs, dailyLimit } = { ...table, ...dials.rateLimits[bucket] };
  if (!hasHalved(account, session)) return { limit, windowMs, dailyLimit };
  // Half of one is none, so there the window doubles instead.
  return limit > 1
    ? { limit: Math.floor(limit / 2), windowMs, dailyLimit }
    : { limit, windowMs: windowMs * 2, dailyLimit };
}

function hasHalved(account: Account, session: Session): boolean {
  const { limitsHalveAfter } = account.weather.dials;
  return limitsHalveAfter !== null && session.acceptedSends >= limitsHalveAfter;
}

/** One message per interval, counted from the last accepted one, to the millisecond. */
function protectionGrant(account: Account, session: Session, intervalMs: number): Grant {
  const nowMs = account.clock.now();
  const resetAtMs = session.lastSendAtMs === null ? nowMs : Math.max(nowMs, session.lastSendAtMs + intervalMs);
  const seconds = intervalMs / 1000;
  const refusal =
    `You have account protection enabled. You can only send 1 message every ${seconds} seconds. ` +
    "Check our API docs: https://www.wasenderapi.com/api-docs";
  const remaining = resetAtMs > nowMs ? 0 : 1;
  // The send itself starts the interval, so there is nothing else to spend.
  return { limit: 1, remaining, resetAtMs, daily: false, refusal, spend: () => undefined };
}

/** A fixed window that begins with its first request. */
function windowGrant(
  account: Account,
  session: Session,
  name: BucketName | `${BucketName}Daily`,
  limit: number,
  windowMs: number,
  refusal: string,
): Grant {
  const nowMs = account.clock.now();
  const known = session.windows.get(name);
  const window: LimitWindow = known && nowMs < known.startedAtMs + windowMs ? known : { startedAtMs: nowMs, used: 0 };
  return {
    limit,
    remaining: Math.max(0, limit - window.used),
    resetAtMs: window.startedAtMs + windowMs,
    daily: name.endsWith("Daily"),
    refusal,
    spend() {
      window.used += 1;
      session.windows.set(name, window);
    },
  };
}

/** The headers of a limited endpoint, in the style that the dials say: the allowance with least left, and the day's. */
function limitHeaders(account: Account, grants: readonly Grant[], wallUntilMs: number): Record<string, string> {
  const { rateLimitHeaders, resetHeaderStyle } = account.weather.dials;
  const daily = grants.find((grant) => grant.daily);
  const [short] = grants.filter((grant) => !grant.daily).toSorted((a, b) => a.remaining - b.remaining);
  if (!rateLimitHeaders || short === undefined) return {};
  const nowMs = account.clock.now();
  const walled = wallUntilMs > nowMs;
  const reset = (resetAtMs: number): string =>
    String(Math.ceil((resetHeaderStyle === "seconds" ? resetAtMs - nowMs : resetAtMs) / 1000));
  const headers: Record<string, string> = {
    "X-RateLimit-Limit": String(short.limit),
    "X-RateLimit-Remaining": String(walled ? 0 : short.remaining),
    "X-RateLimit-Reset": reset(walled ? Math.max(wallUntilMs, short.resetAtMs) : short.resetAtMs),
  };
  if (daily === undefined) return headers;
  return {
    ...headers,
    "X-RateLimit-Daily-Limit": String(daily.limit),
    "X-RateLimit-Daily-Remaining": String(daily.remaining),
    "X-RateLimit-Daily-Reset": reset(daily.resetAtMs),
  };
}
