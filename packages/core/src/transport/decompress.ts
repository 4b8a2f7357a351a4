import { constants as bufferConstants } from "node:buffer";
import { brotliDecompress, constants, gunzip, inflate, inflateRaw, type ZlibOptions } from "node:zlib";

/**
 * Undoes a `Content-Encoding`. An answer that ends early gives what there is of it; one that would grow above `maxBytes` gives
 * an error whose message begins with `maxContentLength`. An encoding that nobody asked for is left as it is.
 */
export function decompress(
  bytes: Buffer,
  encoding: string,
  maxBytes: number,
  done: (error: Error | undefined, data?: Uint8Array) => void,
): void {
  const maxOutputLength = Math.min(maxBytes, bufferConstants.MAX_LENGTH);
  const onResult = (error: NodeJS.ErrnoException | null, data: Buffer): void => {
    if (!error) return done(undefined, data);
    done(error.code === "ERR_BUFFER_TOO_LARGE" ? new Error(`maxContentLength size of ${maxBytes} exceeded`) : error);
  };
  const options: ZlibOptions = { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH };
  switch (encoding.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return gunzip(bytes, options, onResult);
    case "deflate":
      // Some servers leave the header of the format out: it begins with 8, for its only method.
      return ((bytes[0] as number) & 0x0f) === 8
        ? inflate(bytes, options, onResult)
        : inflateRaw(bytes, options, onResult);
    case "br":
      return brotliDecompress(bytes, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH }, onResult);
    default:
      return done(undefined, bytes);
  }
}
