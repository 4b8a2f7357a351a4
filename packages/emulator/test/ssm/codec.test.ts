import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/random.js";
import { createEstimator } from "../../src/ssm/channel/estimator.js";
import { acknowledgedSequence, acknowledgement, quickAcknowledgedSequence } from "../../src/ssm/codec/acknowledge.js";
import { agentCipher, seal, unseal } from "../../src/ssm/codec/cipher.js";
import { decodeFrame, encodeFrame, type Frame } from "../../src/ssm/codec/frame.js";
import { messageIdBytes, readMessageId } from "../../src/ssm/codec/message-id.js";
import { smuxCommand, smuxFrame, smuxReader } from "../../src/ssm/codec/smux.js";
import { binaryMessage, frameOf, frameWriter } from "../../src/ssm/codec/stream-frame.js";
import { wholeCharacters } from "../../src/ssm/codec/utf8.js";
import {
  agentGate,
  clientGate,
  isClientAtLeast,
  isClientLater,
  isLaterVersion,
} from "../../src/ssm/codec/version-gate.js";
import { readFrame } from "./support/data-channel-client.js";

interface Vector {
  name: string;
  hex: string;
  bytes: number;
  decoded: {
    MessageType?: string;
    CreatedDate: string;
    SequenceNumber: string;
    Flags: string;
    MessageId: string;
    PayloadType: number;
    PayloadHex: string;
    PayloadLength: number;
    HeaderLength: number;
    valid?: true;
    validateError?: string;
    deserializeError?: string;
    panic?: string;
  };
}

const vectors = JSON.parse(readFileSync(new URL("../fixtures/ssm-vectors.json", import.meta.url), "utf8")) as {
  vectors: Vector[];
  uuid: { text: string; wire: string };
  encryption: {
    plaintextDataKeyHex: string;
    agentToClient: { payloadHex: string; plaintextHex: string }[];
    clientToAgent: { payloadHex: string; plaintextHex: string }[];
  };
  retransmissionEstimator: { rttMs: number; rttVarMs: number; sampleMs: number | null; timeoutMs: number }[];
  agentVersionGates: { agentVersion: string; mux: boolean; smuxKeepAliveDisabled: boolean; terminateFlag: boolean }[];
  smux: { frames: { hex: string; what: string }[] };
};
const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
const decoded = (hex: string): Frame => {
  const frame = decodeFrame(bytesOf(hex));
  if (typeof frame === "string") throw new Error(frame);
  return frame;
};

/** What the emulator makes of a frame that the genuine client takes differently, and why. */
const deviations: Record<string, string> = {
  "negative-sequence": "bad_sequence",
  "max-sequence": "bad_sequence",
  "header-length-zero": "bad_header_length",
  "header-length-beyond": "bad_header_length",
  "no-message-type": "no_message_type",
  "no-created-date": "no_created_date",
  // The gateway sends such frames and never reads one.
  "pause-publication-junk": "no_created_date",
};

describe("the emulator's frames", () => {
  const readable = vectors.vectors.filter(({ name, decoded: { HeaderLength, panic } }) => {
    return HeaderLength !== undefined && panic === undefined && deviations[name] === undefined;
  });

  it("has all the vectors at hand", () => {
    expect(vectors.vectors).toHaveLength(67);
    expect(readable.length).toBeGreaterThan(40);
  });

  it.each(readable)("reads $name as the genuine client does", ({ hex, decoded: expected }) => {
    const frame = decoded(hex);
    // With the short header there is no type, and the genuine client reads the length as one.
    const isShort = expected.HeaderLength === 112;
    expect({
      MessageType: frame.messageType,
      CreatedDate: String(frame.createdAtMs),
      SequenceNumber: String(frame.sequence),
      Flags: String(frame.flags),
      MessageId: frame.messageId(),
      PayloadType: isShort ? expected.PayloadType : frame.payloadType,
      PayloadHex: frame.payload.toString("hex"),
    }).toEqual({
      MessageType: expected.MessageType,
      CreatedDate: expected.CreatedDate,
      SequenceNumber: expected.SequenceNumber,
      Flags: expected.Flags,
      MessageId: expected.MessageId,
      PayloadType: expected.PayloadType,
      PayloadHex: expected.PayloadHex,
    });
    // The genuine client does not look at the digest when the length field is zero, or at frames of the service.
    if (expected.PayloadLength > 0 && !/publication/.test(frame.messageType)) {
      expect(frame.digestMatches()).toBe(expected.validateError === undefined);
    }
  });

  const broken = vectors.vectors.filter(({ name, decoded: { deserializeError, panic } }) => {
    // A short header and six bytes fewer than the genuine client's buffer: nothing is missing.
    return name !== "start-publication-112-nul" && deviations[name] === undefined && (deserializeError ?? panic);
  });
  it.each(broken)("tells what is wrong with $name instead of failing", ({ hex }) => {
    expect(["too_short", "bad_header_length"]).toContain(decodeFrame(bytesOf(hex)));
  });

  it.each(Object.entries(deviations))("drops %s: %s", (name, fault) => {
    const vector = vectors.vectors.find((candidate) => candidate.name === name);
    expect(decodeFrame(bytesOf(vector?.hex ?? ""))).toBe(fault);
  });

  const wellFormed = readable.filter(
    ({ name, decoded: { valid } }) => valid && !/mismatch|zero|nul-padded|publication|empty-output|truncate/.test(name),
  );
  it.each(wellFormed)("writes $name byte for byte", ({ hex, decoded: expected, name }) => {
    const frame = encodeFrame({
      messageType: expected.MessageType ?? "",
      createdAtMs: Number(expected.CreatedDate),
      sequence: Number(expected.SequenceNumber),
      flags: Number(expected.Flags),
      messageId: expected.MessageId,
      payloadType: expected.PayloadType,
      payload: bytesOf(expected.PayloadHex),
      isServiceStyle: expected.HeaderLength === 112,
    });
    expect(frame.toString("hex"), name).toBe(hex);
  });

  it("refuses to write a type that does not fit", () => {
    const fields = { createdAtMs: 1, sequence: 0, flags: 0, messageId: vectors.uuid.text, payloadType: 1 };
    const payload = Buffer.from("x");
    expect(() => encodeFrame({ ...fields, messageType: "t".repeat(33), payload })).toThrow(RangeError);
  });

  it("swaps the halves of a UUID", () => {
    expect(messageIdBytes(vectors.uuid.text).toString("hex")).toBe(vectors.uuid.wire);
    expect(readMessageId(bytesOf(vectors.uuid.wire), 0)).toBe(vectors.uuid.text);
  });

  it.each([1, 5, 6, 1_024, 65_415, 65_416, 200_000])("frames %i bytes for the socket as one message", (byteCount) => {
    const payload = Buffer.alloc(byteCount, 0xa5);
    const wire = frameWriter("output_stream_data", createRandom(3))(1_700_000_000_000, 2 ** 33, 1, 11, payload);
    expect(wire[0]).toBe(0x82);
    const frame = readFrame(frameOf(wire));
    expect(frame).toMatchObject({ messageType: "output_stream_data", sequence: 2 ** 33, flags: 1n, payloadType: 11 });
    expect(frame?.payload.equals(payload)).toBe(true);
    expect(frame?.messageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(frameOf(binaryMessage(frameOf(wire))).equals(frameOf(wire))).toBe(true);
  });
});

describe("acknowledgements", () => {
  it("are written as the vectors have them, and read back", () => {
    const vector = vectors.vectors.find(({ name }) => name === "acknowledge-output");
    const payload = bytesOf(vector?.decoded.PayloadHex ?? "");
    const { AcknowledgedMessageId: id, AcknowledgedMessageSequenceNumber: sequence } = JSON.parse(payload.toString());
    expect(acknowledgement("output_stream_data", id, sequence).toString()).toBe(payload.toString());
    expect(acknowledgedSequence(payload)).toBe(sequence);
    expect(quickAcknowledgedSequence(bytesOf(vector?.hex ?? ""))).toBe(sequence);
  });

  it("are read the same the quick way and the slow way", () => {
    const write = frameWriter("acknowledge", createRandom(5));
    for (const sequence of [0, 7, 10, 4_096, 99_999, 2 ** 40]) {
      const payload = acknowledgement("output_stream_data", vectors.uuid.text, sequence);
      expect(quickAcknowledgedSequence(frameOf(write(1, 0, 3, 0, payload)))).toBe(sequence);
      expect(acknowledgedSequence(payload)).toBe(sequence);
    }
  });

  it("are left to the slow way when they look different, and to nobody when they say nothing", () => {
    const write = frameWriter("acknowledge", createRandom(5));
    const reordered = Buffer.from('{"AcknowledgedMessageSequenceNumber": 12}');
    expect(quickAcknowledgedSequence(frameOf(write(1, 0, 3, 0, reordered)))).toBeUndefined();
    expect(acknowledgedSequence(reordered)).toBe(12);
    const prefix = acknowledgement("output_stream_data", vectors.uuid.text, 5).toString();
    const negative = Buffer.from(prefix.replace(":5,", ":-5,"));
    expect(quickAcknowledgedSequence(frameOf(write(1, 0, 3, 0, negative)))).toBeUndefined();
    for (const text of ["", "null", "{}", '{"AcknowledgedMessageSequenceNumber":"5"}', "\xff"]) {
      expect(acknowledgedSequence(Buffer.from(text))).toBeUndefined();
    }
  });
});

describe("encryption", () => {
  const { plaintextDataKeyHex, agentToClient, clientToAgent } = vectors.encryption;
  const dataKey = bytesOf(plaintextDataKeyHex);

  it("opens what a client sealed", () => {
    const cipher = agentCipher(dataKey, createRandom(1));
    for (const { payloadHex, plaintextHex } of clientToAgent) {
      expect(cipher.decrypt(bytesOf(payloadHex))?.toString("hex")).toBe(plaintextHex);
    }
  });

  it("seals as a genuine agent does, for the same nonce", () => {
    for (const { payloadHex, plaintextHex } of agentToClient) {
      const nonce = bytesOf(payloadHex).subarray(0, 12);
      expect(seal(dataKey.subarray(0, 32), nonce, bytesOf(plaintextHex)).toString("hex")).toBe(payloadHex);
    }
  });

  it("counts its nonces up, the first byte fastest", () => {
    const cipher = agentCipher(dataKey, createRandom(9));
    const nonces = Array.from({ length: 300 }, () => cipher.encrypt(Buffer.from("x")).subarray(0, 12));
    const value = (nonce: Buffer): bigint => BigInt(`0x${Buffer.from([...nonce].toReversed()).toString("hex")}`);
    nonces.slice(1).forEach((nonce, index) => {
      expect(value(nonce)).toBe(value(nonces[index]!) + 1n);
    });
  });

  it("says so when bytes were changed or are too few", () => {
    const sealed = seal(dataKey.subarray(0, 32), Buffer.alloc(12), Buffer.from("hello"));
    sealed[14] = (sealed[14] ?? 0) ^ 1;
    expect(unseal(dataKey.subarray(0, 32), sealed)).toBeUndefined();
    expect(unseal(dataKey.subarray(0, 32), sealed.subarray(0, 20))).toBeUndefined();
  });
});

describe("the retransmission estimator", () => {
  it("follows the genuine one step by step", () => {
    const estimator = createEstimator();
    for (const { rttMs, rttVarMs, sampleMs, timeoutMs } of vectors.retransmissionEstimator) {
      if (sampleMs !== null) estimator.sample(sampleMs);
      expect(estimator.roundTripMs).toBeCloseTo(rttMs, 6);
      expect(estimator.variationMs).toBeCloseTo(rttVarMs, 6);
      // Printed in whole nanoseconds.
      expect(estimator.timeoutMs).toBeCloseTo(timeoutMs, 4);
    }
  });
});

describe("versions", () => {
  it.each(vectors.agentVersionGates)("decides for agent $agentVersion as the genuine client does", (row) => {
    expect(isLaterVersion(row.agentVersion, agentGate.mux)).toBe(row.mux);
    expect(isLaterVersion(row.agentVersion, agentGate.keepAliveOff)).toBe(row.smuxKeepAliveDisabled);
    expect(isLaterVersion(row.agentVersion, agentGate.terminateFlag)).toBe(row.terminateFlag);
  });

  it("decides for clients with as many parts as they have", () => {
    expect(isClientAtLeast("1.1.70", clientGate.mux)).toBe(true);
    expect(isClientAtLeast("1.1.69.9", clientGate.mux)).toBe(false);
    expect(isClientAtLeast("", clientGate.mux)).toBe(false);
    expect(isClientAtLeast("0.0.1", clientGate.mux)).toBe(false);
    expect(isClientLater("1.2.0.0", clientGate.keepAliveOff)).toBe(false);
    expect(isClientLater("1.2.331.0", clientGate.keepAliveOff)).toBe(false);
    expect(isClientLater("1.2.677.0", clientGate.keepAliveOff)).toBe(true);
  });
});

describe("smux", () => {
  const stream = Buffer.concat(vectors.smux.frames.map(({ hex }) => bytesOf(hex)));

  it("is written as the vectors have it", () => {
    const get = Buffer.from("GET / HTTP/1.0\r\n\r\n");
    const written = [
      smuxFrame(smuxCommand.syn, 3),
      smuxFrame(smuxCommand.push, 3, get),
      smuxFrame(smuxCommand.syn, 5),
      smuxFrame(smuxCommand.fin, 3),
      smuxFrame(smuxCommand.nop, 0),
    ];
    expect(Buffer.concat(written).toString("hex")).toBe(stream.toString("hex"));
  });

  it.each([1, 2, 7, 8, 9, 1_000])("is read from pieces of %i bytes", (size) => {
    const reader = smuxReader();
    const commands: string[] = [];
    for (let from = 0; from < stream.length; from += size) {
      for (const { command, streamId, bytes } of reader.read(stream.subarray(from, from + size)) ?? []) {
        commands.push(`${command} ${streamId} ${bytes.length}`);
      }
    }
    expect(commands).toEqual(["0 3 0", "2 3 18", "0 5 0", "1 3 0", "3 0 0"]);
  });

  it("ends at another version or an unknown command", () => {
    expect(smuxReader().read(bytesOf("0200000003000000"))).toBeNull();
    expect(smuxReader().read(bytesOf("0104000003000000"))).toBeNull();
  });
});

describe("output", () => {
  it("is cut between characters, though broken bytes pass", () => {
    const text = Buffer.from("aé世🚀");
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((limit) => wholeCharacters(text, limit))).toEqual([
      1, 1, 3, 3, 3, 6, 6, 6, 6, 10,
    ]);
    expect(wholeCharacters(Buffer.from([0x61, 0xff]), 8)).toBe(2);
    expect(wholeCharacters(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80]), 8)).toBe(5);
    expect(wholeCharacters(Buffer.alloc(0), 8)).toBe(0);
  });
});
