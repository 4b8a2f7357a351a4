import { readFileSync } from "node:fs";

export interface Vector {
  readonly name: string;
  readonly note: string;
  readonly origin: string;
  readonly hex: string;
  readonly bytes: number;
  readonly decoded: {
    readonly HeaderLength?: number;
    readonly MessageType?: string;
    readonly SchemaVersion?: number;
    readonly CreatedDate?: string;
    readonly SequenceNumber?: string;
    readonly Flags?: string;
    readonly MessageId?: string;
    readonly PayloadType?: number;
    readonly PayloadLength?: number;
    readonly PayloadHex?: string;
    readonly valid?: boolean;
    readonly validateError?: string;
    readonly deserializeError?: string;
    readonly panic?: string;
  };
}

interface Vectors {
  readonly vectors: readonly Vector[];
  readonly uuid: { readonly text: string; readonly wire: string };
  readonly retransmissionEstimator: readonly {
    readonly sampleMs: number | null;
    readonly rttMs: number;
    readonly rttVarMs: number;
    readonly timeoutMs: number;
  }[];
  readonly reconnectDelays: { readonly table: readonly { readonly attempt: number; readonly delayMs: number }[] };
  readonly agentVersionGates: readonly {
    readonly agentVersion: string;
    readonly mux: boolean;
    readonly smuxKeepAliveDisabled: boolean;
    readonly terminateFlag: boolean;
  }[];
  readonly encryption: {
    readonly plaintextDataKeyHex: string;
    readonly cipherTextKeyBase64: string;
    readonly clientToAgent: readonly {
      readonly nonceHex: string;
      readonly payloadHex: string;
      readonly plaintextHex: string;
    }[];
    readonly agentToClient: readonly { readonly payloadHex: string; readonly plaintextHex: string }[];
  };
  readonly smux: { readonly frames: readonly { readonly hex: string; readonly what: string }[] };
  readonly serializerRefusals: readonly { readonly name: string }[];
}

export const vectors = JSON.parse(
  readFileSync(new URL("../fixtures/ssm-vectors.json", import.meta.url), "utf8"),
) as Vectors;

export const vectorOf = (name: string): Vector => vectors.vectors.find((vector) => vector.name === name)!;
export const frameOf = (name: string): Buffer => Buffer.from(vectorOf(name).hex, "hex");
