import type { Account } from "../account.js";
import { keepContact } from "../contacts.js";
import type { Session } from "../session.js";
import { emitWebhook } from "../webhooks.js";

export function changePortrait(
  account: Account,
  session: Session,
  { of, imgUrl }: Readonly<{ of: string; imgUrl: string | null }>,
): void {
  const contact = keepContact(account, session, of);
  contact.imgUrl = imgUrl;
  emitWebhook(account, session, "contacts.update", [{ jid: contact.jid, imgUrl }]);
}
