import type {
  EncodeContext,
  MediaKind,
  MediaSource,
  OpenedMedia,
  Problem,
  UploadProgress,
  WireBody,
} from "@colloquy/core/contract";
import { invalidInput, refuseProblems } from "../input.js";
import { base64Json } from "./base64-json.js";
import { familyOf, messageLimitBytes, messageTypes, uploadLimitBytes } from "./media-limits.js";
import { contentTypeOf } from "./media-type.js";

export interface UploadOptions {
  /** The file's real media type; the provider checks it against the content. Default: told by its first bytes or its name. */
  readonly contentType?: string;
  /** Only to tell the type, where the source has no name. */
  readonly fileName?: string;
  /** What the file will be sent as: its type and size are then held to the limits of such a message too. */
  readonly kind?: MediaKind;
  /** How much left so far. */
  readonly onProgress?: (progress: UploadProgress) => void;
}

/** A file from a path, bytes, a Blob or a stream: see `MediaSource`. */
export type UploadInput = MediaSource & UploadOptions;

/** The file as raw bytes. */
export function rawBody(operation: string, input: UploadInput, context: EncodeContext): WireBody {
  const { media, contentType } = checked(operation, input, context);
  // JSON would be read as the other form of this route.
  if (contentType === "application/json")
    throw invalidInput(operation, [
      { field: "contentType", message: "JSON files cannot be uploaded as bytes; use uploadBase64." },
    ]);
  if (!media) return { kind: "bytes", value: (input as { readonly bytes: Uint8Array }).bytes, contentType };
  return { kind: "stream", source: media, contentType, ...progressOf(input) };
}

/** The file as base64 inside JSON, written while it is read. */
export function base64Body(operation: string, input: UploadInput, context: EncodeContext): WireBody {
  const { media, contentType } = checked(operation, input, context);
  if (media)
    return {
      kind: "stream",
      source: base64Json(media, contentType),
      contentType: "application/json",
      ...progressOf(input),
    };
  const base64 = Buffer.from((input as { readonly bytes: Uint8Array }).bytes).toString("base64");
  return { kind: "json", value: { base64, mimetype: contentType } };
}

/** The source alone, for core to open. */
export function mediaOf(input: MediaSource): MediaSource | undefined {
  return "file" in input || "bytes" in input || "blob" in input || "stream" in input ? input : undefined;
}

function progressOf({ onProgress }: UploadOptions): Pick<UploadOptions, "onProgress"> {
  return onProgress ? { onProgress } : {};
}

function checked(
  operation: string,
  input: UploadInput,
  { media }: EncodeContext,
): { readonly media: OpenedMedia | undefined; readonly contentType: string } {
  const facts = media ?? ("bytes" in input ? { byteLength: input.bytes.byteLength, head: input.bytes } : undefined);
  if (!facts) throw invalidInput(operation, [{ field: "media", message: "Give one of file, bytes, blob and stream." }]);
  const contentType = (
    input.contentType ?? contentTypeOf(facts, input.fileName ?? media?.fileName ?? pathOf(input))
  )?.toLowerCase();
  if (contentType === undefined)
    throw invalidInput(operation, [
      { field: "contentType", message: "The file does not show what it is; give its media type, such as image/png." },
    ]);
  refuseProblems(operation, problemsOf(input, contentType, facts.byteLength));
  return { media, contentType };
}

function problemsOf({ kind }: UploadOptions, contentType: string, byteLength: number): readonly Problem[] {
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(contentType))
    return [{ field: "contentType", message: "Must be a media type such as image/png." }];
  if (byteLength === 0) return [{ field: "media", message: "May not be empty." }];
  const family = familyOf(contentType);
  const mostBytes = Math.min(uploadLimitBytes[family], kind === undefined ? Infinity : messageLimitBytes[kind]);
  const types = kind === undefined ? undefined : messageTypes[kind];
  const problems: Problem[] = [];
  if (byteLength > mostBytes)
    problems.push({
      field: "media",
      message: `Has ${byteLength} bytes; the most for ${kind === undefined ? `an upload of ${contentType}` : `a message of kind ${kind}`} is ${mostBytes}.`,
    });
  if (types && !types.includes(contentType))
    problems.push({ field: "contentType", message: `Is ${contentType}; ${kind} takes ${types.join(", ")}.` });
  return problems;
}

function pathOf(input: MediaSource): string | undefined {
  return "file" in input ? input.file : undefined;
}
