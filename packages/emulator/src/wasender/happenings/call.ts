import type { Account } from "../account.js";
import { digitsOf, userJid } from "../jid.js";
import type { Session } from "../session.js";
import { emitWebhook } from "../webhooks.js";

export interface Call {
  from: string;
  isVideo?: boolean | undefined;
  isGroup?: boolean | undefined;
  status?: string | undefined;
}

export function ring(
  account: Account,
  session: Session,
  { from, isVideo = false, isGroup = false, status = "offer" }: Readonly<Call>,
): void {
  const date = new Date(account.clock.now()).toISOString();
  const id = account.random.hex(32).toUpperCase();
  emitWebhook(account, session, "call", {
    call: { id, from: userJid(digitsOf(from)), date, isGroup, isVideo, status },
  });
}
