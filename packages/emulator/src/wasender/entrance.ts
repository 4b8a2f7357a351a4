import type { Account } from "./account.js";
import { Refusal, refuse, throttleAnswer } from "./failures.js";
import type { Route } from "./route.js";
import type { Session } from "./session.js";
import { findByKey } from "./sessions.js";
import type { TokenKind } from "./views.js";

/** Who a request says that it is. */
export interface Caller {
  kind: TokenKind;
  session?: Session;
  /** More requests of the session were under way than may be when this one came. */
  crowded?: boolean;
}

export function callerOf(account: Account, authorization: string | undefined): Caller {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization ?? "") ?? [];
  if (token === undefined) return { kind: "none" };
  if (account.accessTokens.includes(token)) return { kind: account.weather.dials.tokenRevoked ? "invalid" : "pat" };
  const session = findByKey(account, token);
  if (session === undefined) return { kind: "invalid" };
  const { concurrentRequests } = account.weather.dials;
  const crowded = concurrentRequests !== null && session.requestsUnderWay >= concurrentRequests;
  return { kind: "session", session, crowded };
}

/** Lets a caller through to a route, or refuses. Returns the session that its key stands for. */
export function admit(account: Account, route: Route, caller: Caller): Session | undefined {
  if (route.token === "none") return undefined;
  if (route.token === "pat") {
    if (caller.kind !== "pat") refuse("badAccessToken");
    return undefined;
  }
  if (caller.kind === "none") refuse("noToken");
  const { session } = caller;
  if (session === undefined) return refuse("badSessionKey");
  if (account.weather.dials.plan === "none") refuse("noSubscription");
  if (caller.crowded) throw new Refusal(throttleAnswer("Too many concurrent requests.", 1_000));
  if (route.connected && session.status !== "connected") refuse("notConnected");
  return session;
}
