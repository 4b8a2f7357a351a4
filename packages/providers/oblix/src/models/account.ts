import {
  type AnyOperation,
  type AnyProvider,
  ColloquyError,
  type CredentialSource,
  type Failure,
  type RateLimitReading,
  type WireResponse,
} from "@colloquy/core/contract";
import { failureOf, wordsOf } from "./failures.js";

export interface AccountDescription {
  readonly id: string;
  readonly displayName: string;
  readonly baseUrl: string;
  /** ISO date of the newest source that it was checked against. */
  readonly asOf: string;
  readonly apiKey?: CredentialSource;
  readonly environmentVariable: string;
  readonly isKeyRequired: boolean;
  /** The header that carries the key as it is. Default: `Authorization`, after `Bearer `. */
  readonly header?: string;
  /** Default: by status, with the words of `error.message`. */
  readonly readFailure?: ((response: WireResponse, operation: AnyOperation) => Failure | undefined) | undefined;
  readonly readRateLimits: (response: WireResponse) => readonly RateLimitReading[];
}

/** An endpoint as the transport knows accounts: whose limits, key and failures these are. It has no sessions of its own. */
export function modelAccount(description: AccountDescription): AnyProvider {
  const { id, displayName, baseUrl, asOf, apiKey, environmentVariable, isKeyRequired, header } = description;
  const none = (): never => {
    throw new ColloquyError({
      code: "UNSUPPORTED",
      message: `${displayName} is a model endpoint and has no sessions.`,
    });
  };
  return {
    id,
    baseUrl: baseUrl.replace(/\/+$/, ""),
    credentials: apiKey === undefined ? {} : { personal_access_token: apiKey },
    manifest: {
      id,
      displayName,
      asOf,
      credentials: [
        {
          kind: "personal_access_token",
          from: "configuration",
          environmentVariable,
          required: isKeyRequired,
          ...(header === undefined ? {} : { header }),
        },
      ],
      traits: { disconnectUnpairs: false, statePolling: false, hasTransport: false, canRestart: false },
      // Of sessions, which there are none of.
      timings: {
        connectDeadlineMs: 1,
        pairingDeadlineMs: 1,
        challengeLifetimeMs: 1,
        livenessMs: 1,
        closeDeadlineMs: 1,
        pollActiveMs: 1,
        pollConnectedMs: 1,
      },
      limits: [],
      statusWords: [],
    },
    operations: {},
    facets: {},
    validateConfig: () => [],
    validateSession: () => [],
    create: none,
    attach: none,
    open: none,
    probe: none,
    close: none,
    interpret: ({ word }) => [{ type: "unknownStatus", word }],
    readFailure:
      description.readFailure ??
      ((response) => failureOf(response, { environmentVariable, ...wordsOf(response.body) })),
    readRateLimits: description.readRateLimits,
  };
}
