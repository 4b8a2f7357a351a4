const escape = "\u0001";

/**
 * An id as it is stored in a column. SQLite keeps only well-formed text, and one driver reads text only up to a NUL, so
 * the rare id with either would become another one. Those are stored as JSON behind a control character.
 */
export function keyText(id: string): string {
  return id.startsWith(escape) || /[\0\p{Surrogate}]/u.test(id) ? escape + JSON.stringify(id) : id;
}

/** The id that `keyText` wrote. */
export function idOf(key: string): string {
  return key.startsWith(escape) ? (JSON.parse(key.slice(escape.length)) as string) : key;
}
