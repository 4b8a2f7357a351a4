import { type EmulatorWithSsm, type SsmDials, type SsmEmulatorOptions, startEmulator } from "@colloquy/emulator";
import { type AwsOptions, kmsDataKeys, sessionApi } from "../../src/aws/index.js";
import { type OpenOptions, openDataChannel, type Session } from "../../src/index.js";

export interface Emulated {
  readonly emulator: EmulatorWithSsm;
  readonly aws: AwsOptions;
  /** Starts a session through the emulated service and opens it. */
  open(document?: string, parameters?: Record<string, string>, extra?: Partial<OpenOptions>): Promise<Session>;
}

export async function emulated(dials: Partial<SsmDials> = {}, options: SsmEmulatorOptions = {}): Promise<Emulated> {
  const emulator = await startEmulator({ ssm: { dials: { signatures: "verified", ...dials }, ...options } });
  const { credentials, endpointUrl, region } = emulator.ssm;
  const aws: AwsOptions = { credentials, endpoint: endpointUrl, region };
  const api = sessionApi(aws);
  return {
    emulator,
    aws,
    async open(documentName, parameters = {}, extra = {}) {
      const lists = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
      const started = await api.startSession({
        target: "i-0123456789abcdef0",
        ...(documentName !== undefined && { documentName }),
        parameters: lists,
      });
      return openDataChannel({
        ...started,
        resume: api.resume,
        terminate: api.terminate,
        dataKeys: kmsDataKeys(aws),
        ...extra,
      });
    },
  };
}

export async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
