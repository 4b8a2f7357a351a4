import type { CancelSignal } from "../cancellation.js";
import type { Priority, SessionId } from "../contract/index.js";
import { type Account, lineKeyOf } from "./account.js";
import type { ExchangeRequest } from "./exchange.js";
import type { Resource } from "./resource.js";

/** What one request asks of the gate. */
export interface PermitRequest {
  /** Requests with one key stand in one line: the same session and the same resources. */
  readonly lineKey: string;
  readonly resources: readonly Resource[];
  /** Whose it is, for those who are told of pacing. */
  readonly sessionId?: SessionId;
  readonly priority?: Priority;
  readonly signal?: CancelSignal;
  readonly deadlineAtMs?: number;
  /** Back to the front of its line: it had its permit and was refused. */
  readonly isReturning?: boolean;
  readonly onPaced?: (untilMs: number) => void;
}

/** The permits that a call needs. */
export function permitRequestOf(
  {
    operation,
    session,
    priority,
    signal,
    deadlineAtMs,
  }: Pick<ExchangeRequest<never, unknown>, "session" | "priority" | "signal" | "deadlineAtMs"> & {
    readonly operation: Parameters<Account["resourcesFor"]>[0];
  },
  account: Account,
  accountKey: string,
): PermitRequest {
  return {
    lineKey: lineKeyOf(accountKey, operation, session),
    resources: account.resourcesFor(operation, session),
    ...(session === undefined ? {} : { sessionId: session.id }),
    ...(priority === undefined ? {} : { priority }),
    ...(signal === undefined ? {} : { signal }),
    ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
  };
}
