import type { Identity } from "../contract/index.js";

// E.164 allows 15 digits; fewer than 7 is more likely an extension or a plain id.
const phonePattern = /^\+?[\d\s().-]+$/;

function phoneDigits(text: string): string | undefined {
  if (!phonePattern.test(text)) return undefined;
  const digits = text.replace(/\D/g, "");
  return digits.length >= 7 && digits.length <= 15 ? digits : undefined;
}

/** Two spellings of one account: equal text, or equal digits when both look like phone numbers. */
export function namesSameAccount(left: string, right: string): boolean {
  if (left === right) return true;
  const digits = phoneDigits(left);
  return digits !== undefined && digits === phoneDigits(right);
}

/** True when the account, under its id or one of its aliases, is the expected one. */
export function isExpectedIdentity(expected: string, identity: Identity): boolean {
  return [identity.id, ...(identity.aliases ?? [])].some((name) => namesSameAccount(expected, name));
}
