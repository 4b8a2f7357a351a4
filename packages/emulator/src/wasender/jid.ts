/** WhatsApp addresses: people by phone number or by LID, groups, channels. */

export const userJid = (digits: string): string => `${digits}@s.whatsapp.net`;

export const digitsOf = (address: string): string =>
  (address.split("@")[0] ?? "").replace(/:.*$/, "").replace(/\D/g, "");

export const isGroupJid = (address: string): boolean => /^[\d-]+@g\.us$/.test(address);

const isChannelJid = (address: string): boolean => /^\d+@newsletter$/.test(address);

export const isUserJid = (address: string): boolean => /^\d{5,20}(:\d+)?@(s\.whatsapp\.net|lid)$/.test(address);

export const isLid = (address: string): boolean => /^\d{5,20}(:\d+)?@lid$/.test(address);

export const isPhoneNumber = (address: string): boolean => /^\+?\d{6,15}$/.test(address);

/** Whether a message can be addressed so. */
export const isRecipient = (address: string): boolean =>
  isPhoneNumber(address) || isUserJid(address) || isGroupJid(address) || isChannelJid(address);

/** The address in the form that message keys use. */
export const toJid = (address: string): string => (address.includes("@") ? address : userJid(digitsOf(address)));

/** The LID of a phone number: made from the number alone, so that it is the same in every session and every run. */
export function lidOf(digits: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const digit of digits) hash = ((hash ^ BigInt(digit.charCodeAt(0))) * 0x100000001b3n) & 0xffffffffffffffffn;
  return `${100_000_000_000_000n + (hash % 900_000_000_000_000n)}@lid`;
}
