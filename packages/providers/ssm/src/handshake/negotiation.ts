import { type ColloquyError, isColloquyError } from "@colloquy/core/contract";
import type { Clock, Timer } from "../clock.js";
import type { FillRandom } from "../codec/message-id.js";
import { payloadType } from "../codec/payload-type.js";
import { ssmError } from "../errors.js";
import { dataKeyBytes, SessionCipher } from "./cipher.js";
import type { DataKeyProvider } from "./data-keys.js";
import {
  actionStatus,
  encodeChallenge,
  encodeHandshakeResponse,
  type ProcessedAction,
  type RequestedAction,
  readChallenge,
  readCustomerMessage,
  readEncryption,
  readHandshakeRequest,
  readSessionType,
} from "./handshake-messages.js";

/** Both ends wait this long for the other and then give the session up. */
const handshakeLimitMs = 15_000;

/** What both sides agreed on. */
export interface Agreement {
  readonly agentVersion: string;
  readonly sessionType: string;
  readonly properties: Readonly<Record<string, string>>;
  /** For the person at the keyboard; empty when there is none. */
  readonly customerMessage: string;
  readonly isEncrypted: boolean;
}

export interface NegotiationOptions {
  readonly sessionId: string;
  /** The machine's id; part of what encryption keys are bound to. */
  readonly target: string | undefined;
  readonly clientVersion: string;
  readonly dataKeys: DataKeyProvider | undefined;
  readonly acceptsSessionType: (type: string) => boolean;
  readonly clock: Clock;
  readonly fill: FillRandom;
}

export interface NegotiationActions {
  respond(type: number, payload: Buffer): void;
  onAgreed(agreement: Agreement): void;
  onFailed(error: ColloquyError): void;
}

/** Answers an agent that asks for a handshake, from its request to its completion, within 15 s. */
export class Negotiation {
  readonly #options: NegotiationOptions;
  readonly #actions: NegotiationActions;
  readonly #abort: AbortController = new AbortController();
  #deadline: Timer | undefined;
  #failure: ColloquyError | undefined;
  #session = { type: "", properties: {} as Readonly<Record<string, string>> };
  #agentVersion = "";
  /** Set once the agent can know the key. */
  cipher: SessionCipher | undefined;

  constructor(options: NegotiationOptions, actions: NegotiationActions) {
    this.#options = options;
    this.#actions = actions;
  }

  /** Why the agent will refuse the session, when our answer already said so. */
  get failure(): ColloquyError | undefined {
    return this.#failure;
  }

  begin(payload: Buffer): void {
    const { clock, sessionId } = this.#options;
    this.#deadline = clock.setTimer(clock.now() + handshakeLimitMs, () => {
      this.stop();
      const message = `The handshake was not complete within ${handshakeLimitMs} ms.`;
      this.#actions.onFailed(this.#failure ?? ssmError({ code: "DEADLINE_EXCEEDED", message, sessionId }));
    });
    void this.#answer(payload);
  }

  challenge(payload: Buffer): void {
    const sealed = readChallenge(payload);
    const bytes = sealed && this.cipher?.open(sealed);
    if (bytes && this.cipher)
      this.#actions.respond(payloadType.challengeResponse, encodeChallenge(this.cipher.seal(bytes)));
    else this.#fail("CREDENTIAL_REJECTED", "The agent's challenge cannot be read with the session's key.");
  }

  complete(payload: Buffer): void {
    if (!this.#deadline)
      return this.#fail("RESPONSE_MALFORMED", "The agent completed a handshake that it never began.");
    this.stop();
    if (this.#failure) return this.#actions.onFailed(this.#failure);
    this.#actions.onAgreed({
      agentVersion: this.#agentVersion,
      sessionType: this.#session.type,
      properties: this.#session.properties,
      customerMessage: readCustomerMessage(payload),
      isEncrypted: this.cipher !== undefined,
    });
  }

  stop(): void {
    this.#deadline?.cancel();
    this.#abort.abort();
  }

  async #answer(payload: Buffer): Promise<void> {
    const request = readHandshakeRequest(payload);
    if (!request) return this.#fail("RESPONSE_MALFORMED", "The agent's handshake request is not readable.");
    this.#agentVersion = request.agentVersion;
    const processed: ProcessedAction[] = [];
    const errors: string[] = [];
    for (const action of request.actions) {
      const outcome = await this.#process(action);
      processed.push(outcome);
      if (outcome.ActionStatus !== actionStatus.success) errors.push(bareError(outcome));
    }
    if (this.#abort.signal.aborted) return;
    const response = encodeHandshakeResponse(this.#options.clientVersion, processed, errors);
    this.#actions.respond(payloadType.handshakeResponse, response);
  }

  async #process(action: RequestedAction): Promise<ProcessedAction> {
    if (action.type === "SessionType") return this.#sessionType(action);
    if (action.type === "KMSEncryption") return this.#encryption(action);
    this.#note("UNSUPPORTED", `The agent asks for ${action.type}, which is not known.`);
    return refused(action, actionStatus.unsupported, `Unsupported action ${action.type}`);
  }

  #sessionType(action: RequestedAction): ProcessedAction {
    this.#session = readSessionType(action);
    const { type } = this.#session;
    if (this.#options.acceptsSessionType(type)) return done(action, null);
    this.#note("UNSUPPORTED", `No plugin for the session type ${type}.`);
    return refused(action, actionStatus.failed, `${failedPrefix(action)}Unknown session type ${type}`);
  }

  async #encryption(action: RequestedAction): Promise<ProcessedAction> {
    const { dataKeys, sessionId, target, fill } = this.#options;
    const { keyId, challenge } = readEncryption(action);
    if (!dataKeys || target === undefined) {
      this.#note("CONFIG_INVALID", "The session is encrypted: give `dataKeys` and `target`.");
      return refused(action, actionStatus.failed, `${failedPrefix(action)}no data key provider`);
    }
    const usesChallenge = dataKeys.acknowledgesChallenge === true && challenge !== "";
    try {
      const key = await dataKeys.generateDataKey({
        keyId,
        numberOfBytes: dataKeyBytes,
        encryptionContext: {
          "aws:ssm:SessionId": sessionId,
          "aws:ssm:TargetId": target,
          ...(usesChallenge && { "aws:ssm:RandomChallenge": challenge }),
        },
        signal: this.#abort.signal,
      });
      if (key.plaintext.length !== dataKeyBytes) throw new RangeError(`A data key has ${dataKeyBytes} bytes.`);
      this.cipher = new SessionCipher(key.plaintext, fill);
      return done(action, {
        KMSCipherTextKey: Buffer.from(key.ciphertextBlob).toString("base64"),
        KMSCipherTextHash: null,
        ...(usesChallenge && { ChallengeAcknowledgement: true }),
      });
    } catch (error) {
      this.#failure ??= isColloquyError(error)
        ? error
        : ssmError({ code: "PROVIDER_REJECTED", message: "No data key was made.", sessionId, cause: error });
      return refused(action, actionStatus.failed, `${failedPrefix(action)}no data key`);
    }
  }

  #note(code: "UNSUPPORTED" | "CONFIG_INVALID", message: string): void {
    this.#failure ??= ssmError({ code, message, sessionId: this.#options.sessionId });
  }

  #fail(code: "RESPONSE_MALFORMED" | "CREDENTIAL_REJECTED", message: string): void {
    this.stop();
    this.#actions.onFailed(ssmError({ code, message, sessionId: this.#options.sessionId }));
  }
}

const failedPrefix = ({ type }: RequestedAction): string => `Failed to process action ${type}: `;

/** The list of errors has them without the prefix that names the action. */
const bareError = ({ ActionType, Error: text }: ProcessedAction): string =>
  text.replace(`Failed to process action ${ActionType}: `, "");

function done({ type }: RequestedAction, result: ProcessedAction["ActionResult"]): ProcessedAction {
  return { ActionType: type, ActionStatus: actionStatus.success, ActionResult: result, Error: "" };
}

function refused({ type }: RequestedAction, status: number, error: string): ProcessedAction {
  return { ActionType: type, ActionStatus: status, ActionResult: null, Error: error };
}
