import { createHash } from "node:crypto";

const blockBytes = 64 * 1024;
const stampEveryBytes = 256;

/**
 * Endless bytes from a seed, in blocks of 64 KiB: one block of xorshift words (the lowest byte first), and in each
 * copy of it the number of the block in place of every 64th word. So it costs next to nothing to make, and no two
 * pieces of it can be swapped unseen.
 */
export function bulkBlocks(seed: number, byteCount: number): () => Buffer | undefined {
  const first = firstBlock(seed);
  let number = 0;
  let left = byteCount;
  return () => {
    if (left <= 0) return undefined;
    const block = Buffer.from(first);
    for (let at = 0; at < blockBytes; at += stampEveryBytes) block.writeUInt32LE(number, at);
    number += 1;
    left -= blockBytes;
    return left < 0 ? block.subarray(0, left) : block;
  };
}

function firstBlock(seed: number): Buffer {
  // Zero is the one state that xorshift never leaves.
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const block = Buffer.alloc(blockBytes);
  for (let at = 0; at < blockBytes; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    block.writeInt32LE(state, at);
  }
  return block;
}

/** The first `byteCount` bytes that a bulk session of this seed sends. */
export function bulkBytes(seed: number, byteCount: number): Buffer {
  return Buffer.concat([...blocksOf(seed, byteCount)]);
}

/** SHA-256 in hexadecimal of the same bytes, without holding them. */
export function bulkDigest(seed: number, byteCount: number): string {
  const digest = createHash("sha256");
  for (const block of blocksOf(seed, byteCount)) digest.update(block);
  return digest.digest("hex");
}

function* blocksOf(seed: number, byteCount: number): Generator<Buffer> {
  const next = bulkBlocks(seed, byteCount);
  for (let block = next(); block !== undefined; block = next()) yield block;
}
