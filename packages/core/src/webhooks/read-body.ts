/** `too_large`: more than the limit, of which nothing was kept. `broken`: the sender went away, or somebody read it before. */
export type BodyRead = Uint8Array | "too_large" | "broken";

/** The exact bytes of a request. Never holds more than `maxBytes` and one chunk. */
export async function readBody(request: Request, maxBytes: number): Promise<BodyRead> {
  // A length that lies is noticed below; one that tells the truth saves reading.
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return "too_large";
  if (request.bodyUsed) return "broken";
  if (!request.body) return new Uint8Array();
  const reader: ReadableStreamDefaultReader<unknown> = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return joined(chunks, bytes);
      // A body made by hand may yield text; a real one never does. `instanceof` would refuse bytes of another realm.
      if (!ArrayBuffer.isView(value)) return "broken";
      bytes += value.byteLength;
      if (bytes > maxBytes) return "too_large";
      chunks.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
  } catch {
    return "broken";
  } finally {
    // Not cancelled: many servers end the connection on that, and the answer with it. What is left is theirs to throw away.
    reader.releaseLock();
  }
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
