import { describe, expect, it } from "vitest";
import { AcknowledgeWriter, readAcknowledgedSequence } from "../../src/codec/acknowledge.js";
import { readClosingText } from "../../src/codec/controls.js";
import { decodeClientMessage, type FrameFault } from "../../src/codec/decode.js";
import { encodeClientMessage } from "../../src/codec/encode.js";
import { MessageIds, readMessageId, writeMessageId } from "../../src/codec/message-id.js";
import { frameOf, vectorOf, vectors } from "../support/vectors.js";

/**
 * Where we are stricter or safer than the genuine client, on purpose. It takes these frames, or dies of them; we drop them, and
 * whoever sent a damaged one sends it again.
 */
const ours: Readonly<Record<string, FrameFault | "accepted">> = {
  "empty-output-zero-digest": "payload_digest",
  "zero-length-with-payload-bad-digest": "payload_length",
  "length-mismatch-short": "payload_length",
  "length-mismatch-trailing": "payload_length",
  "start-publication-112-nul": "accepted",
  "header-length-beyond": "header_length",
  "header-length-zero": "header_length",
  "truncated-116": "too_short",
  "truncated-119": "too_short",
  "truncated-120": "payload_length",
  "truncated-124": "payload_length",
};

const genuineErrors: Readonly<Record<string, FrameFault>> = {
  "payload Hash is not valid": "payload_digest",
  "CreatedDate is missing": "created_date",
  "MessageType is missing": "message_type",
};

describe("the 67 golden frames", () => {
  it("are all there", () => {
    expect(vectors.vectors).toHaveLength(67);
  });

  it.each(vectors.vectors.map((vector) => [vector.name, vector] as const))(
    "%s is read as it should be",
    (name, vector) => {
      const { message, fault } = decodeClientMessage(Buffer.from(vector.hex, "hex"));
      const { decoded } = vector;
      const expected =
        ours[name] ?? (decoded.valid ? "accepted" : (genuineErrors[decoded.validateError ?? ""] ?? "too_short"));
      expect(fault ?? "accepted").toBe(expected);
      if (!message || !decoded.valid) return;
      expect(message.messageType).toBe(decoded.MessageType);
      expect(message.schemaVersion).toBe(decoded.SchemaVersion);
      expect(String(message.createdAtMs)).toBe(decoded.CreatedDate);
      expect(String(message.sequenceNumber)).toBe(decoded.SequenceNumber);
      expect(String(message.flags)).toBe(decoded.Flags);
      expect(message.messageId).toBe(decoded.MessageId);
      expect(Buffer.from(message.payload).toString("hex")).toBe(decoded.PayloadHex);
      // A header of 112 bytes has no such field; the genuine client reads the length in its place.
      expect(message.payloadType).toBe(decoded.HeaderLength === 112 ? 0 : decoded.PayloadType);
    },
  );

  const genuine = vectors.vectors.filter(({ origin }) => origin.startsWith("genuine serializer"));

  it.each(genuine.map((vector) => [vector.name, vector] as const))(
    "%s is written byte for byte",
    (_name, { hex, decoded }) => {
      const frame = encodeClientMessage({
        messageType: decoded.MessageType!,
        schemaVersion: decoded.SchemaVersion!,
        createdAtMs: Number(decoded.CreatedDate),
        sequenceNumber: BigInt(decoded.SequenceNumber!),
        flags: BigInt(decoded.Flags!),
        messageId: decoded.MessageId!,
        payloadType: decoded.PayloadType!,
        payload: Buffer.from(decoded.PayloadHex!, "hex"),
      });
      expect(frame.toString("hex")).toBe(hex);
    },
  );

  it("writes extreme numbers and strange types byte for byte too", () => {
    for (const name of ["negative-sequence", "max-sequence", "unknown-message-type"]) {
      const { message } = decodeClientMessage(frameOf(name));
      expect(encodeClientMessage(message!).toString("hex")).toBe(vectorOf(name).hex);
    }
  });
});

describe("what the genuine serializer refuses to write", () => {
  const message = decodeClientMessage(frameOf("input-output-ls")).message!;

  it("is refused here as well: an empty payload, a long type, an id that is none", () => {
    expect(vectors.serializerRefusals).toHaveLength(3);
    expect(() => encodeClientMessage({ ...message, payload: Buffer.alloc(0) })).toThrow(RangeError);
    expect(() => encodeClientMessage({ ...message, messageType: "x".repeat(33) })).toThrow(RangeError);
    expect(() => encodeClientMessage({ ...message, messageId: "" })).toThrow(RangeError);
  });
});

describe("message ids", () => {
  it("travel with their halves swapped", () => {
    const wire = Buffer.alloc(16);
    writeMessageId(wire, 0, vectors.uuid.text);
    expect(wire.toString("hex")).toBe(vectors.uuid.wire);
    expect(readMessageId(wire, 0)).toBe(vectors.uuid.text);
  });

  it("are version 4 and all different, also over many refills of the pool", () => {
    const ids = new MessageIds();
    const seen = new Set(Array.from({ length: 2000 }, () => ids.nextText()));
    expect(seen.size).toBe(2000);
    for (const id of seen) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("acknowledgements", () => {
  it("are written from the template as the genuine client writes them", () => {
    const golden = frameOf("acknowledge-output");
    const { createdAtMs } = decodeClientMessage(golden).message!;
    const acknowledged = frameOf("output-later");
    writeMessageId(acknowledged, 64, vectors.uuid.text);
    const frame = new AcknowledgeWriter("output_stream_data", new MessageIds()).write(acknowledged, 7, createdAtMs);
    // Its own id is fresh each time.
    golden.copy(frame, 64, 64, 80);
    expect(frame.toString("hex")).toBe(golden.toString("hex"));
  });

  it("are right for numbers of every length", () => {
    const writer = new AcknowledgeWriter("output_stream_data", new MessageIds());
    for (const sequence of [0, 9, 10, 12_345, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER]) {
      const { message } = decodeClientMessage(writer.write(frameOf("output-later"), sequence, 1));
      const read = JSON.parse(Buffer.from(message!.payload).toString()) as Record<string, unknown>;
      expect(read["AcknowledgedMessageSequenceNumber"]).toBe(sequence);
      expect(message).toMatchObject({ messageType: "acknowledge", sequenceNumber: 0n, flags: 3n, payloadType: 0 });
    }
  });

  const ack = (json: string): number => readAcknowledgedSequence(Buffer.from(json));

  it("are read in the peers' form and in any other order or spacing", () => {
    const id = `"AcknowledgedMessageId":"${vectors.uuid.text}"`;
    expect(
      ack(
        `{"AcknowledgedMessageType":"input_stream_data",${id},"AcknowledgedMessageSequenceNumber":42,"IsSequentialMessage":true}`,
      ),
    ).toBe(42);
    expect(ack(`{ "AcknowledgedMessageSequenceNumber": 43, "AcknowledgedMessageType": "input_stream_data" }`)).toBe(43);
  });

  it("of something else, or not readable, count as none", () => {
    const id = `"AcknowledgedMessageId":"${vectors.uuid.text}"`;
    for (const json of [
      "",
      "null",
      "[]",
      "7",
      "{",
      `{"AcknowledgedMessageSequenceNumber":1}`,
      `{"AcknowledgedMessageType":"output_stream_data",${id},"AcknowledgedMessageSequenceNumber":42,"IsSequentialMessage":true}`,
      `{"AcknowledgedMessageType":"input_stream_data",${id},"AcknowledgedMessageSequenceNumber":-4,"IsSequentialMessage":true}`,
      `{"AcknowledgedMessageType":"input_stream_data",${id},"AcknowledgedMessageSequenceNumber":1.5,"IsSequentialMessage":true}`,
      `{"AcknowledgedMessageType":"input_stream_data",${id},"AcknowledgedMessageSequenceNumber":"1","IsSequentialMessage":true}`,
    ])
      expect(ack(json)).toBe(-1);
    // Beyond what a number holds exactly.
    expect(
      readAcknowledgedSequence(Buffer.from(decodeClientMessage(frameOf("acknowledge-input")).message!.payload)),
    ).toBe(-1);
  });
});

describe("the service's closing words", () => {
  it("are read from both forms of the header", () => {
    const text = (name: string): string =>
      readClosingText(Buffer.from(decodeClientMessage(frameOf(name)).message!.payload));
    expect(text("channel-closed-116")).toBe("bye");
    expect(text("channel-closed-112-nul")).toBe("");
  });
});
