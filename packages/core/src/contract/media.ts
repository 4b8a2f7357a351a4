/** What `ReadableStream` of the web has in common everywhere, also where it cannot be looped over. */
export interface WebByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/**
 * A file to upload, described and not yet read: core opens it when the call is made.
 *
 * A file, bytes and a Blob can be read again, so a lost upload is repeated. A stream can be read once: with `byteLength` it goes
 * out as it comes and is not repeated once it began; without, it is gathered in memory first.
 */
export type MediaSource =
  /** Path of a file on this machine. */
  | { readonly file: string }
  | { readonly bytes: Uint8Array }
  | { readonly blob: Blob }
  /** A Node stream, a web stream, or any other iterable of bytes. */
  | { readonly stream: AsyncIterable<Uint8Array> | WebByteStream; readonly byteLength?: number };

/** How much of a body left this process. Begins again when an attempt is repeated. */
export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** Bytes of a known length that are read while they are sent. */
export interface ByteSource {
  readonly byteLength: number;
  /** False: they can be read once only. */
  readonly canReopen: boolean;
  /** From the first byte on. Called once per attempt. */
  open(): AsyncIterable<Uint8Array>;
}

/** A source that core opened for an encoder: its length and first bytes are known. */
export interface OpenedMedia extends ByteSource {
  /** At most the first 4,096 bytes: enough to tell the type of a file. */
  readonly head: Uint8Array;
  readonly fileName?: string;
  /** What a Blob says that it is. */
  readonly declaredType?: string;
}
