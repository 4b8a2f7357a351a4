/** How many bytes of `bytes`, at most `limit`, end on the boundary of a character. Broken UTF-8 passes as it is. */
export function wholeCharacters(bytes: Uint8Array, limit: number): number {
  const end = Math.min(bytes.length, limit);
  // A character has at most four bytes, so its first is one of the last four.
  for (let back = 1; back <= Math.min(4, end); back += 1) {
    const byte = bytes[end - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back && byte < 0xf8 ? end - back : end;
  }
  return end;
}
