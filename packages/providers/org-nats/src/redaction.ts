const longestText = 300;

/** Texts of the servers repeat ids, addresses and values back. What stands in quotes or is an address is masked. */
export function withoutSecrets(text: string): string {
  return text
    .slice(0, 4 * longestText)
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "[address]")
    .replace(/(\bChannel) \S+/g, "$1 […]")
    .replace(/(\b[Vv]alue) '.*?'(?= (?:does|not|is|exceeds|must))/gs, "$1 […]")
    .slice(0, longestText);
}
