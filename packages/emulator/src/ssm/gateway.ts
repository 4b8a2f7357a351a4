import { createTimers, type EmulatorClock } from "../clock.js";
import { createRandom } from "../random.js";
import { assign } from "./agent/documents.js";
import { createFakeKms, type EncryptionContext, type FakeKms } from "./api/kms.js";
import type { SsmEmulatorOptions, SsmStartAnswer, SsmStartInput } from "./options.js";
import { createSession, type SsmSession } from "./session.js";
import type { Stage } from "./stage.js";
import { createSsmWeather, type SsmWeather } from "./weather.js";

/** An HTTP request as it came: what it asked for, and how it was answered. */
export interface SsmRequestView {
  /** The X-Amz-Target header. */
  operation: string;
  status: number;
  /** The error's type, for a refusal. */
  error?: string;
  sessionId?: string;
  isSigned: boolean;
  atMs: number;
}

/** The state of the emulated service. */
export interface SsmGateway {
  readonly options: SsmEmulatorOptions;
  readonly region: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  readonly stage: Stage;
  readonly weather: SsmWeather;
  readonly kms: FakeKms;
  readonly sessions: Map<string, SsmSession>;
  readonly requests: SsmRequestView[];
  start(input: SsmStartInput): SsmStartAnswer;
  /** A fresh token for a session. */
  grant(session: SsmSession): string;
  streamUrl(sessionId: string): string;
  openKey(sealed: Uint8Array, context: EncryptionContext): Promise<Uint8Array | undefined>;
  /** Forgets every session, with everything that runs. */
  clear(): void;
}

const madeUpCredentials = {
  accessKeyId: "AKIACOLLOQUYEMULATOR",
  secretAccessKey: "emulator/not/a/secret/0000000000000000000",
};

const defaultTarget = "i-0c0110c0110c0110c";
const defaultDocument = "SSM-SessionManagerRunShell";

export function createGateway(
  origin: string,
  clock: EmulatorClock,
  seed: number,
  options: SsmEmulatorOptions,
): SsmGateway {
  const timers = createTimers(clock);
  const sessions = new Map<string, SsmSession>();
  const requests: SsmRequestView[] = [];
  const weather = createSsmWeather(options.scenario ?? "calm", options.dials ?? {});
  let random = createRandom(seed);
  let kms = createFakeKms(random);
  const stage: Stage = {
    clock,
    timers,
    get random() {
      return random;
    },
    dials: weather.dials,
  };
  const openKey = async (sealed: Uint8Array, context: EncryptionContext): Promise<Uint8Array | undefined> =>
    kms.open(sealed, context)?.plain ?? (await options.openDataKey?.(sealed, context));
  const grant = (session: SsmSession): string => {
    const token = random.base64(48);
    session.tokens.add(token);
    return token;
  };
  const socketOrigin = origin.replace(/^http/, "ws");
  // The query is none of a client's business: it has to come back as it is.
  const streamUrl = (sessionId: string): string =>
    `${socketOrigin}/v1/data-channel/${sessionId}?role=publish_subscribe&cell-number=AAEAAemulator%2Bcell%3D%3D`;
  return {
    options,
    region: options.region ?? "eu-west-1",
    credentials: options.credentials ?? madeUpCredentials,
    stage,
    weather,
    get kms() {
      return kms;
    },
    sessions,
    requests,
    start(input) {
      const { target = defaultTarget, document = defaultDocument } = input;
      const parameters = Object.fromEntries(
        Object.entries(input.parameters ?? {}).map(([name, value]) => [name, [value].flat().map(String)]),
      );
      const assignment = assign(document, parameters, options.shell ?? ["/bin/sh"]);
      const id = `colloquy-${random.hex(17)}`;
      const session = createSession({ id, document, target, assignment, stage, openKey });
      sessions.set(id, session);
      return { SessionId: id, StreamUrl: streamUrl(id), TokenValue: grant(session) };
    },
    grant,
    streamUrl,
    openKey,
    clear() {
      for (const session of sessions.values()) session.destroy();
      sessions.clear();
      requests.length = 0;
      timers.cancelAll();
      weather.reset();
      random = createRandom(seed);
      kms = createFakeKms(random);
    },
  };
}
