// E.164 allows 15 digits and no leading zero. Fewer than 7 are no number that a person elsewhere can be reached by.
const e164 = /^\+?([1-9]\d{6,14})$/;
const separators = /[\s().-]/g;
const userJid = /^(\d{5,20})(?::\d{1,5})?@s\.whatsapp\.net$/;
const lidJid = /^\d{5,25}(?::\d{1,5})?@lid$/;
const groupJid = /^[\d-]{5,60}@g\.us$/;
const newsletterJid = /^\d{5,40}@newsletter$/;

export type AddressKind = "phone" | "user" | "lid" | "group" | "newsletter";

/** `+15550100` for `15550100`, `+1 (555) 01-00` and the like; `undefined` when it is no phone number. */
export function normalisePhone(text: string): string | undefined {
  const digits = e164.exec(text.trim().replace(separators, ""))?.[1];
  return digits === undefined ? undefined : `+${digits}`;
}

/** What an address is. Strict: the separators that `normalisePhone` forgives are no address. */
export function addressKind(address: string): AddressKind | undefined {
  if (e164.test(address)) return "phone";
  if (userJid.test(address)) return "user";
  if (lidJid.test(address)) return "lid";
  if (groupJid.test(address)) return "group";
  return newsletterJid.test(address) ? "newsletter" : undefined;
}

/** `15550100@s.whatsapp.net` for a phone number; every other address as it is. */
export function toJid(address: string): string {
  const digits = e164.exec(address)?.[1];
  return digits === undefined ? address : `${digits}@s.whatsapp.net`;
}

/** The phone number behind a user JID, without its device part; `undefined` for LIDs, groups and channels. */
export function phoneOfJid(jid: string): string | undefined {
  const digits = userJid.exec(jid)?.[1];
  return digits === undefined ? undefined : normalisePhone(digits);
}

/** `1555:12@s.whatsapp.net` names one device of an account; without `:12` it names the account. */
export function withoutDevice(jid: string): string {
  return jid.replace(/:\d{1,5}(?=@)/, "");
}
