/**
 * An id as one token of a subject, or a part of a key: letters, digits, `_`, `-` and `=`. Two ids never have the same, also
 * where they are not well-formed text.
 */
export function tokenOf(id: string): string {
  return id === "" ? "=" : id.replaceAll(/[^\w-]/g, (unit) => `=${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The id that `tokenOf` wrote. */
export function idOf(token: string): string {
  return token === "="
    ? ""
    : token.replaceAll(/=([\da-f]{4})/g, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)));
}
