import type { ByteSource } from "@colloquy/core/contract";

/** The bytes of `{"base64":"…","mimetype":"…"}` around a source, so that no file need fit into memory for it. */
export function base64Json(source: ByteSource, contentType: string): ByteSource {
  const before = Buffer.from('{"base64":"');
  const after = Buffer.from(`","mimetype":${JSON.stringify(contentType)}}`);
  return {
    byteLength: before.byteLength + Math.ceil(source.byteLength / 3) * 4 + after.byteLength,
    canReopen: source.canReopen,
    async *open() {
      yield before;
      // Three bytes make four characters, so what is left over waits for the next piece.
      let rest: Buffer = Buffer.alloc(0);
      for await (const chunk of source.open()) {
        const bytes = Buffer.concat([rest, chunk]);
        const wholeBytes = bytes.byteLength - (bytes.byteLength % 3);
        rest = bytes.subarray(wholeBytes);
        if (wholeBytes > 0) yield Buffer.from(bytes.toString("base64", 0, wholeBytes));
      }
      if (rest.byteLength > 0) yield Buffer.from(rest.toString("base64"));
      yield after;
    },
  };
}
