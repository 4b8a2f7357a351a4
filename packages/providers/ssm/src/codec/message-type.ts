import { at, messageTypeBytes } from "./layout.js";

/** Names on the wire. */
export const messageType = {
  input: "input_stream_data",
  output: "output_stream_data",
  acknowledge: "acknowledge",
  channelClosed: "channel_closed",
  startPublication: "start_publication",
  pausePublication: "pause_publication",
} as const;

/** Peers pad with spaces, the service pads with NUL. */
function readMessageType(frame: Buffer): string {
  const text = frame.toString("latin1", at.messageType, at.messageType + messageTypeBytes);
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) === 0) from++;
  while (to > from && text.charCodeAt(to - 1) === 0) to--;
  return text.slice(from, to).trim();
}

/** The name in 32 bytes, padded with spaces. Throws a `RangeError` when it does not fit. */
export function paddedMessageType(name: string): Buffer {
  const bytes = Buffer.alloc(messageTypeBytes, 0x20);
  const written = Buffer.from(name, "utf8");
  if (written.length > messageTypeBytes) throw new RangeError(`A message type has at most ${messageTypeBytes} bytes.`);
  written.copy(bytes);
  return bytes;
}

interface KnownType {
  readonly name: string;
  readonly words: readonly number[];
}

const known: readonly KnownType[] = [messageType.output, messageType.acknowledge, messageType.input].map((name) => {
  const bytes = paddedMessageType(name);
  return { name, words: Array.from({ length: 8 }, (_, index) => bytes.readUInt32BE(index * 4)) };
});

/** As `readMessageType`, but without making a string for the three types that nearly all frames have. */
export function fastMessageType(frame: Buffer): string {
  for (const { name, words } of known) if (hasWords(frame, words)) return name;
  return readMessageType(frame);
}

function hasWords(frame: Buffer, words: readonly number[]): boolean {
  for (let index = 0; index < 8; index++)
    if (frame.readUInt32BE(at.messageType + index * 4) !== words[index]) return false;
  return true;
}
