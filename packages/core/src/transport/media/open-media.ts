import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { CancelSignal } from "../../cancellation.js";
import { type AnyOperation, ColloquyError } from "../../contract/index.js";
import { type HeldMedia, unreadable } from "./held-media.js";
import { openStream } from "./open-stream.js";

const headBytes = 4_096;
const sliceBytes = 64 * 1024;

/**
 * Opens what an operation uploads; undefined for operations and inputs without a file. At most `maxBytes` are gathered of a
 * stream whose length is not known. Throws `INPUT_INVALID`, with nothing sent, for a source that cannot be read.
 */
export async function openMedia(
  operation: AnyOperation,
  input: unknown,
  maxBytes: number,
  signal?: CancelSignal,
): Promise<HeldMedia | undefined> {
  const source = operation.media?.(input);
  if (source === undefined) return undefined;
  if ("file" in source) return openFile(source.file);
  if ("bytes" in source) return openBytes(source.bytes);
  if ("blob" in source) return openBlob(source.blob);
  return openStream(source, { headBytes, maxBytes, gathered: openBytes, ...(signal ? { signal } : {}) });
}

async function openFile(file: string): Promise<HeldMedia> {
  try {
    const handle = await open(file, "r");
    try {
      const { size, isFile } = await handle.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
      if (!isFile) throw unreadable("file", "This is no file.");
      const head = new Uint8Array(Math.min(headBytes, size));
      await handle.read(head, 0, head.byteLength, 0);
      return {
        byteLength: size,
        canReopen: true,
        head,
        fileName: basename(file),
        open: () => createReadStream(file, { highWaterMark: sliceBytes }),
        close: async () => {},
      };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ColloquyError) throw error;
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw unreadable("file", `The file cannot be read (${code}).`);
  }
}

function openBytes(bytes: Uint8Array): HeldMedia {
  return {
    byteLength: bytes.byteLength,
    canReopen: true,
    head: bytes.subarray(0, headBytes),
    async *open() {
      for (let from = 0; from < bytes.byteLength; from += sliceBytes) yield bytes.subarray(from, from + sliceBytes);
    },
    close: async () => {},
  };
}

async function openBlob(blob: Blob): Promise<HeldMedia> {
  const name = (blob as Partial<File>).name;
  return {
    byteLength: blob.size,
    canReopen: true,
    head: new Uint8Array(await blob.slice(0, headBytes).arrayBuffer()),
    ...(name ? { fileName: basename(name) } : {}),
    ...(blob.type === "" ? {} : { declaredType: blob.type }),
    open: () => blob.stream(),
    close: async () => {},
  };
}
