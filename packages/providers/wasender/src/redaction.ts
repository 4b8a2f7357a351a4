const longestText = 300;

/** Texts of the provider may repeat a number or a key back; they go into errors, so both are masked and the length is bounded. */
export function withoutSecrets(text: string): string {
  return text
    .slice(0, 4 * longestText)
    .replace(/\d+\|[A-Za-z0-9]{20,}/g, "[token]")
    .replace(/[0-9a-f]{32,}/gi, "[key]")
    .replace(/\+?\d[\d\s().-]{5,}\d/g, "[number]")
    .slice(0, longestText);
}
