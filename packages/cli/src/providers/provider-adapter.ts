import type { AnyProvider, Session } from "@colloquy/core";

/** A line of `doctor` about one provider's environment, found out without network. */
export interface EnvironmentFinding {
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  readonly says: string;
  readonly doNext?: string;
}

export interface ListedSession {
  readonly remoteId: string;
  readonly name?: string;
  readonly phone?: string;
  readonly status?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Makes the calls that only this provider has, in the terms that every command understands. */
export interface RemoteCalls {
  /** Succeeds when the account's credential is good. */
  checkCredential(signal: AbortSignal): Promise<void>;
  list(signal: AbortSignal): Promise<readonly ListedSession[]>;
}

/** What the commands need to know of one provider beyond what core asks of all of them. */
export interface ProviderAdapter {
  readonly id: string;
  /** Environment variables, each with what it means. */
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Whether the environment is set for it, so that `doctor` looks at it. Default: always. */
  isWanted?(environment: Environment): boolean;
  configure(environment: Environment): AnyProvider;
  checkEnvironment(environment: Environment): readonly EnvironmentFinding[];
  /** What is missing of the options that a new session needs, as option names with the question to ask. */
  questions(
    options: Readonly<Record<string, unknown>>,
  ): readonly { readonly option: string; readonly question: string }[];
  sessionInput(options: Readonly<Record<string, unknown>>): object;
  /** The provider's word for the state of a session, asked for now. */
  askState(session: Session, signal: AbortSignal): Promise<{ readonly word: string; readonly isConnected: boolean }>;
  /** A page of the provider's own on which the code can be seen. */
  pairingPage(session: Session, environment: Environment): string | undefined;
  /** Credentials of the session, for a person who asks for them. */
  reveal(session: Session): Promise<Readonly<Record<string, string>>>;
  remote(calls: unknown): RemoteCalls;
}
