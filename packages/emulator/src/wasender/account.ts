import type { EmulatorClock, Timers } from "../clock.js";
import type { Random } from "../random.js";
import type { Group } from "./groups.js";
import type { InboundView } from "./inbound.js";
import type { MessageLogRow, SessionLogRow } from "./logs.js";
import type { StoredMedia } from "./media-shelf.js";
import type { Message } from "./message.js";
import type { Session } from "./session.js";
import type { LimitViolation, RequestView } from "./views.js";
import type { Weather } from "./weather.js";
import type { WebhookCourier } from "./webhook-courier.js";

/** The whole state of the emulated provider: one customer's account. */
export interface Account {
  /** `http://127.0.0.1:PORT/wasender`, under which the API and the media live. */
  readonly root: string;
  readonly clock: EmulatorClock;
  readonly timers: Timers;
  readonly weather: Weather;
  readonly courier: WebhookCourier;
  readonly accessTokens: readonly string[];
  random: Random;
  readonly sessions: Map<number, Session>;
  readonly messages: Map<number, Message>;
  readonly inbound: InboundView[];
  /** By the `msgId` that each row is about. */
  readonly messageLogs: Map<number, MessageLogRow>;
  readonly sessionLogs: SessionLogRow[];
  readonly groups: Map<string, Group>;
  readonly media: Map<string, StoredMedia>;
  readonly requests: RequestView[];
  readonly violations: LimitViolation[];
  refusals: number;
  readonly lastIds: { session: number; message: number; messageLog: number; sessionLog: number };
}

/** The documentation's examples start at these numbers. */
export const firstIds = { session: 0, message: 99_999, messageLog: 1_000, sessionLog: 0 };

/** Forgets everything that happened; the dials go back to how the emulator was started. */
export function clearAccount(account: Account, random: Random): void {
  account.timers.cancelAll();
  account.courier.forget();
  account.weather.reset();
  account.random = random;
  account.sessions.clear();
  account.messages.clear();
  account.inbound.length = 0;
  account.messageLogs.clear();
  account.sessionLogs.length = 0;
  account.groups.clear();
  account.media.clear();
  account.requests.length = 0;
  account.violations.length = 0;
  account.refusals = 0;
  Object.assign(account.lastIds, firstIds);
}
