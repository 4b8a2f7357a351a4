import { randomUUID } from "node:crypto";
import type { DataChannelOptions } from "../channel/options.js";
import type { ChannelStatus } from "../channel/session-channel.js";
import { ssmError } from "../errors.js";
import { builtInPlugins } from "./built-in.js";
import { openDataChannel } from "./open.js";
import type { SessionConfig } from "./plugin.js";
import { SessionPluginRegistry } from "./registry.js";
import type { OpenOptions, Session } from "./session.js";
import { problemsOfConfig, requireNoProblems } from "./validate.js";

/** As a command line or a StartSession reply gives it: nothing is checked yet. */
export type StartInput = Readonly<Record<string, unknown>>;

/** What every session of a handler has in common. */
export type SessionDefaults = Omit<
  DataChannelOptions,
  "sessionId" | "streamUrl" | "tokenValue" | "target" | "clientId"
>;

export interface SessionHandlerOptions extends SessionDefaults {
  /** Default: the built-in session types. */
  readonly registry?: SessionPluginRegistry;
}

export interface ActiveSession {
  readonly sessionId: string;
  readonly sessionType: string;
  readonly status: ChannelStatus;
}

const defaultSessionType = "Standard_Stream";

/** Starts sessions from unchecked input and keeps count of them. One process can have as many as it likes. */
export class SessionHandler {
  readonly #options: SessionHandlerOptions;
  readonly registry: SessionPluginRegistry;
  readonly #sessions: Map<string, Session> = new Map();
  readonly #starting: Set<string> = new Set();

  constructor(options: SessionHandlerOptions = {}) {
    this.#options = options;
    this.registry = options.registry ?? new SessionPluginRegistry(builtInPlugins);
  }

  /**
   * Checks the input and opens the session. Needs `sessionId`, `streamUrl` (ws:// or wss://) and `tokenValue`; takes
   * `sessionType` (default `Standard_Stream`; the agent has the last word), `clientId`, `target`, `documentName`, `parameters`.
   *
   * Rejects with `INPUT_INVALID` before anything is dialled, `COMMAND_REFUSED` for a session that is active already, and
   * with whatever `openDataChannel` rejects with.
   */
  async validateInputAndStartSession(
    input: StartInput,
    extra: Pick<OpenOptions, "signal" | "onStatus"> = {},
  ): Promise<Session> {
    const config = this.#validated(input);
    const { sessionId } = config;
    if (this.#sessions.has(sessionId) || this.#starting.has(sessionId))
      throw ssmError({ code: "COMMAND_REFUSED", message: "This session is active already.", sessionId });
    this.#starting.add(sessionId);
    try {
      const { clientId } = input as { readonly clientId?: string };
      const session = await openDataChannel({
        ...this.#options,
        ...config,
        ...extra,
        clientId: clientId ?? randomUUID(),
        registry: this.registry,
      });
      this.#sessions.set(sessionId, session);
      void session.ended.then(() => this.#sessions.delete(sessionId));
      return session;
    } finally {
      this.#starting.delete(sessionId);
    }
  }

  get(sessionId: string): Session | undefined {
    return this.#sessions.get(sessionId);
  }

  listActiveSessions(): readonly ActiveSession[] {
    return [...this.#sessions.values()].map(({ id, sessionType, status }) => ({ sessionId: id, sessionType, status }));
  }

  /** Ends a session for good. Rejects with `SESSION_NOT_FOUND` when it is not active here. */
  async terminateSession(sessionId: string): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (!session) throw ssmError({ code: "SESSION_NOT_FOUND", message: "No such session is active here.", sessionId });
    await session.terminate();
  }

  /** Ends all of them. Rejects with the first failure, after every one was tried. */
  async terminateAll(): Promise<void> {
    const outcomes = await Promise.allSettled([...this.#sessions.values()].map((session) => session.terminate()));
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  #validated(input: StartInput): SessionConfig {
    const problems = [...problemsOfConfig(input)];
    const { sessionType = defaultSessionType, clientId, target } = input;
    for (const [field, value] of Object.entries({ clientId, target }))
      if (value !== undefined && typeof value !== "string") problems.push({ field, message: "must be a text" });
    const plugin = typeof sessionType === "string" ? this.registry.get(sessionType) : undefined;
    if (!plugin) problems.push({ field: "sessionType", message: "has no plugin" });
    requireNoProblems(problems);
    const config = input as unknown as SessionConfig;
    requireNoProblems(plugin?.validate?.(config) ?? []);
    const { sessionId, streamUrl, tokenValue, documentName, parameters } = config;
    return {
      sessionId,
      streamUrl,
      tokenValue,
      ...(typeof target === "string" && { target }),
      ...(documentName !== undefined && { documentName }),
      ...(parameters !== undefined && { parameters }),
    };
  }
}
