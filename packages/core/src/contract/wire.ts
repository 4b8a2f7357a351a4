import type { ByteSource, UploadProgress } from "./media.js";

/** Anything JSON can carry. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request body: JSON, or raw bytes with their media type, in memory or read while they are sent. */
export type WireBody =
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "bytes"; readonly value: Uint8Array; readonly contentType: string }
  | {
      readonly kind: "stream";
      readonly source: ByteSource;
      readonly contentType: string;
      /** Told after each piece. What it throws is ignored. */
      readonly onProgress?: (progress: UploadProgress) => void;
    };

/** One request as a provider describes it: no host, no credentials; transport adds both last. */
export interface WireRequest {
  readonly method: HttpMethod;
  /** Path below the base URL, already percent-encoded, beginning with `/`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: WireBody;
}

/** A request as one attempt will send it, but for what carries the credential. */
export interface ReadyRequest {
  readonly method: HttpMethod;
  /** Whole, with the query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when there is none, and for a body that is read while it is sent. */
  readonly body?: string | Uint8Array;
  readonly nowMs: number;
}

/** One answer, whatever its status. The body was parsed once, by transport. */
export interface WireResponse {
  readonly status: number;
  /** Header names in lower case; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** `json` when the body parsed, `empty` when there was none, `other` for HTML, truncated JSON and the like. */
  readonly format: "json" | "empty" | "other";
  /** The parsed body when `format` is `json` (it may be `null`), otherwise `undefined`. */
  readonly body: unknown;
  /** The body as text, at most the first 64 KiB. */
  readonly text: string;
  readonly receivedAtMs: number;
}
