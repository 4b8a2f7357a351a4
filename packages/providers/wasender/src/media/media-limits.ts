import type { MediaKind } from "@colloquy/core/contract";

const mebibyte = 1024 * 1024;

/** What the upload takes, by what the file is (WasenderAPI documentation, uploads, 2026-08-21). */
export const uploadLimitBytes: Readonly<Record<MediaKind, number>> = {
  image: 16 * mebibyte,
  video: 50 * mebibyte,
  audio: 16 * mebibyte,
  // Of any WebP.
  sticker: 5 * mebibyte,
  document: 100 * mebibyte,
};

/** What a message of this kind may carry (WasenderAPI documentation, sending, 2026-08-21). */
export const messageLimitBytes: Readonly<Record<MediaKind, number>> = {
  image: 5 * mebibyte,
  video: 50 * mebibyte,
  audio: 16 * mebibyte,
  sticker: 100 * 1024,
  document: 100 * mebibyte,
};

/** The types that a message of this kind may carry; absent: any. */
export const messageTypes: Readonly<Partial<Record<MediaKind, readonly string[]>>> = {
  image: ["image/jpeg", "image/png"],
  video: ["video/mp4", "video/3gpp"],
  audio: ["audio/aac", "audio/mpeg", "audio/mp3", "audio/ogg", "audio/amr", "audio/mp4"],
  sticker: ["image/webp"],
};

/** What the upload counts a file as. */
export function familyOf(contentType: string): MediaKind {
  if (contentType === "image/webp") return "sticker";
  const [family] = contentType.split("/");
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}
