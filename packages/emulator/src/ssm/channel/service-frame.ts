import { encodeFrame } from "../codec/frame.js";
import { binaryMessage } from "../codec/stream-frame.js";
import type { Stage } from "../stage.js";

export type ServiceMessage = "channel_closed" | "pause_publication" | "start_publication";

/** A frame of the gateway's own, ready for the socket. They are neither numbered nor acknowledged. */
export function serviceFrame(
  messageType: ServiceMessage,
  { clock, random, dials }: Stage,
  about: { sessionId: string; output?: string },
): Buffer {
  const messageId = random.uuid();
  const createdAtMs = clock.now();
  const content = {
    MessageId: messageId,
    CreatedDate: new Date(createdAtMs).toISOString(),
    DestinationId: about.sessionId,
    SessionId: about.sessionId,
    MessageType: messageType,
    SchemaVersion: 1,
    Output: about.output ?? "",
  };
  const frame = encodeFrame({
    messageType,
    createdAtMs,
    sequence: 0,
    flags: 0,
    messageId,
    payloadType: 0,
    payload: Buffer.from(JSON.stringify(content)),
    isServiceStyle: dials.shortServiceHeaders,
  });
  return binaryMessage(frame);
}
