const visibleStartCount = 4;
const visibleEndCount = 2;

/** `+15550100` as `+1555•••00`: enough to recognise one's own number by, too little to call it. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, "");
  const plus = phone.trim().startsWith("+") ? "+" : "";
  if (digits.length <= visibleStartCount + visibleEndCount) return "•••";
  return `${plus}${digits.slice(0, visibleStartCount)}•••${digits.slice(-visibleEndCount)}`;
}

/** An address of a person or group: the number in it is masked, what follows `@` stays. */
export function maskAddress(address: string): string {
  const [name = "", ...rest] = address.split("@");
  const masked = /\d{5,}/.test(name.replace(/[\s().-]/g, "")) ? maskPhone(name) : name;
  return [masked, ...rest].join("@");
}

/**
 * For text that others wrote, such as error messages: known secrets are taken out, and so is what looks like a phone number
 * or the name of a chat. Ids, dates and durations stay readable.
 */
export function maskText(text: string, secrets: readonly string[] = []): string {
  let masked = text;
  for (const secret of secrets) if (secret.length >= 4) masked = masked.replaceAll(secret, "[secret]");
  return masked
    .replace(/\b\d+\|[A-Za-z0-9]{20,}/g, "[token]")
    .replace(/\b[0-9a-f]{40,}\b/gi, "[key]")
    .replace(/[\w.+-]+@(?:s\.whatsapp\.net|lid|g\.us|newsletter|c\.us)\b/gi, (address) => maskAddress(address))
    .replace(/\+\d(?:[ ().-]{0,2}\d){6,14}/g, (phone) => maskPhone(phone))
    .replace(/(?<![\w.:/-])\d{9,15}(?![\w.:-])/g, (phone) => maskPhone(phone));
}
