import { createHash, type Hash } from "node:crypto";
import type { EmulatorTimer } from "../../clock.js";
import type { EncryptionContext } from "../api/kms.js";
import type { Sender } from "../channel/sender.js";
import { agentCipher, type Cipher } from "../codec/cipher.js";
import type { Frame } from "../codec/frame.js";
import { payloadType } from "../codec/payload-type.js";
import { clientGate, isClientLater } from "../codec/version-gate.js";
import type { SsmCounters } from "../counters.js";
import type { Stage } from "../stage.js";
import type { Assignment } from "./documents.js";
import {
  challengeMessage,
  handshakeComplete,
  handshakeRequest,
  readChallenge,
  readHandshakeResponse,
} from "./handshake.js";
import type { Plugin, PluginHost } from "./plugin.js";

export type Phase = "waiting" | "handshake" | "challenge" | "running" | "ended";

/** The agent's side of one session: the handshake, when there is one, and then what runs behind it. */
export interface Conversation {
  readonly phase: Phase;
  readonly clientVersion: string;
  readonly isEncrypted: boolean;
  /** SHA-256 in hexadecimal of the input so far, and of the output. */
  digests(): { input: string; output: string };
  start(): void;
  /** False for what cannot be taken now. */
  deliver(frame: Frame): boolean;
  seal(type: number, bytes: Uint8Array): Uint8Array;
  roomAgain(): void;
  /** Ends what runs; nothing is sent any more but what is waiting. */
  stop(): void;
}

export interface ConversationOptions {
  stage: Stage;
  counters: SsmCounters;
  assignment: Assignment;
  sessionId: string;
  targetId: string;
  sender: () => Sender;
  /** Opens a data key that the client had sealed. */
  openKey: (sealed: Uint8Array, context: EncryptionContext) => Promise<Uint8Array | undefined>;
  end: (output: string) => void;
  pauseInput: () => void;
  resumeInput: () => void;
  /** Something that could not be taken may be offered again. */
  retryInput: () => void;
}

const timeoutProblem =
  "Handshake timed out. Please ensure that you have the latest version of the session manager plugin.";

export function createConversation(options: ConversationOptions): Conversation {
  const { stage, counters, assignment } = options;
  const { timers, clock, random } = stage;
  let phase: Phase = "waiting";
  let clientVersion = "";
  let cipher: Cipher | undefined;
  let startedAtMs = 0;
  let deadline: EmulatorTimer | undefined;
  let secret: Buffer | undefined;
  let challenge = "";
  let isEncrypted = false;
  const digests: Record<"input" | "output", Hash> = { input: createHash("sha256"), output: createHash("sha256") };

  const host: PluginHost = {
    stage,
    get clientVersion() {
      return clientVersion;
    },
    write(type, bytes) {
      if (phase === "ended") return true;
      if (type === payloadType.output && plugin?.outputDigest === undefined) digests.output.update(bytes);
      if (isText(type)) counters.bytesOut += bytes.length;
      return options.sender().write(type, bytes);
    },
    end: (output = "") => end(output),
    pauseInput: options.pauseInput,
    resumeInput() {
      options.resumeInput();
      options.retryInput();
    },
  };
  /** Made when the client's version is known: ports hang on it. */
  let plugin: Plugin | undefined;
  let hasStarted = false;

  const end = (output: string): void => {
    if (phase === "ended") return;
    stop();
    options.end(output);
  };
  const stop = (): void => {
    phase = "ended";
    deadline?.cancel();
    plugin?.stop();
  };
  const awaitAnswer = (): void => {
    deadline?.cancel();
    deadline = timers.after(stage.dials.handshakeTimeoutMs, () => end(timeoutProblem));
  };
  const run = (): void => {
    deadline?.cancel();
    phase = "running";
    const started = assignment.plugin(host);
    plugin = started;
    // A shell is shown to be ready by its size; a port's client by taking the first output.
    if (assignment.sessionType !== "Port") {
      const { sizeWaitMs, firstOutputDelayMs } = stage.dials;
      timers.after(firstOutputDelayMs + sizeWaitMs, () => options.sender().peerIsReady());
    }
    timers.after(stage.dials.firstOutputDelayMs, () => {
      if (phase !== "running") return;
      hasStarted = true;
      started.start();
      options.retryInput();
    });
  };

  const beginHandshake = (): void => {
    phase = "handshake";
    const { agentVersion, encryption, kmsKeyId, withhold } = stage.dials;
    isEncrypted = encryption;
    challenge = random.base64(16);
    awaitAnswer();
    if (withhold === "handshake_request") return;
    const key = encryption ? { kmsKeyId, challenge } : undefined;
    options.sender().write(payloadType.handshakeRequest, handshakeRequest(agentVersion, assignment, key));
  };
  const takeResponse = async (payload: Buffer): Promise<void> => {
    const answer = readHandshakeResponse(payload, isEncrypted);
    if (answer === undefined) return end("The client's handshake response cannot be read.");
    clientVersion = answer.clientVersion;
    if (answer.problem !== undefined) return end(answer.problem);
    if (answer.sealedKey === undefined) return complete();
    if (stage.dials.requireKmsChallenge && !answer.answersChallenge) {
      return end("The client did not answer the encryption challenge of its key.");
    }
    // Set before the wait, so that a copy of the response is not taken for another one.
    phase = "challenge";
    awaitAnswer();
    const context = {
      "aws:ssm:SessionId": options.sessionId,
      "aws:ssm:TargetId": options.targetId,
      ...(answer.answersChallenge ? { "aws:ssm:RandomChallenge": challenge } : {}),
    };
    const key = await options.openKey(answer.sealedKey, context).catch(() => undefined);
    if (phase !== "challenge") return;
    if (key?.length !== 64) return end("The data key cannot be opened.");
    cipher = agentCipher(key, random);
    secret = Buffer.from(random.bytes(64));
    options.sender().write(payloadType.challengeRequest, challengeMessage(cipher.encrypt(secret)));
  };
  const takeChallenge = (payload: Buffer): void => {
    const answer = cipher?.decrypt(readChallenge(payload));
    if (secret === undefined || answer === undefined || !answer.equals(secret)) {
      return end("The client did not prove that it has the data key.");
    }
    complete();
  };
  const complete = (): void => {
    const { withhold, customerMessage } = stage.dials;
    if (withhold === "handshake_complete") return;
    const lines = [customerMessage, oldClientWarning()].filter((line) => line !== "");
    const message = handshakeComplete(clock.now() - startedAtMs, lines.join("\n"));
    options.sender().write(payloadType.handshakeComplete, message);
    run();
  };
  const oldClientWarning = (): string =>
    assignment.sessionType === "NonInteractiveCommands" && !isClientLater(clientVersion, clientGate.separateOutput)
      ? "Please update the session manager plugin: this version mixes the output streams of a command."
      : "";

  const deliverRunning = ({ payloadType: type, payload }: Frame): boolean => {
    if (type === payloadType.size) options.sender().peerIsReady();
    if (plugin === undefined || (!hasStarted && type !== payloadType.size)) return false;
    if (type !== payloadType.output) return plugin.input(type, payload);
    const bytes = cipher === undefined ? payload : cipher.decrypt(payload);
    if (bytes === undefined || !plugin.input(type, bytes)) return false;
    counters.bytesIn += bytes.length;
    digests.input.update(bytes);
    return true;
  };

  return {
    get phase() {
      return phase;
    },
    get clientVersion() {
      return clientVersion;
    },
    get isEncrypted() {
      return isEncrypted;
    },
    digests: () => ({
      input: digests.input.copy().digest("hex"),
      output: plugin?.outputDigest?.() ?? digests.output.copy().digest("hex"),
    }),
    start() {
      startedAtMs = clock.now();
      const { encryption, handshake } = stage.dials;
      const isNeeded = encryption || handshake === "always" || !isShell(assignment);
      if (isNeeded) beginHandshake();
      else run();
    },
    deliver(frame) {
      if (phase === "running") return deliverRunning(frame);
      if (phase === "waiting") return false;
      // During the handshake anything else is acknowledged and thrown away.
      const { payloadType: type, payload } = frame;
      if (phase === "handshake" && type === payloadType.handshakeResponse) void takeResponse(payload);
      if (phase === "challenge" && type === payloadType.challengeResponse) takeChallenge(payload);
      return true;
    },
    seal: (type, bytes) => (cipher !== undefined && isText(type) ? cipher.encrypt(bytes) : bytes),
    roomAgain: () => plugin?.roomAgain(),
    stop,
  };
}

const isShell = ({ sessionType }: Assignment): boolean =>
  sessionType === "Standard_Stream" || sessionType === "InteractiveCommands";

const isText = (type: number): boolean =>
  type === payloadType.output || type === payloadType.stderr || type === payloadType.exitCode;
