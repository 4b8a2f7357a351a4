import type { Duplex } from "node:stream";
import { isColloquyError } from "@colloquy/core/contract";
import type { ChannelCounters } from "../channel/counters.js";
import { DataChannel } from "../channel/data-channel.js";
import { type ChannelSettings, settle } from "../channel/options.js";
import type { ChannelStatus, SessionChannel, SessionEnd } from "../channel/session-channel.js";
import type { StreamPosition } from "../channel/stream-position.js";
import { ssmError } from "../errors.js";
import type { Agreement } from "../handshake/negotiation.js";
import type { ForwardOptions, PortForward } from "../port/forward.js";
import { portPlugin } from "../port/port-plugin.js";
import { builtInPlugins } from "./built-in.js";
import type { SessionPlugin, StartedSession } from "./plugin.js";
import { SessionPluginRegistry } from "./registry.js";
import type { RunOptions, RunResult } from "./run.js";
import type { OpenOptions, Session } from "./session.js";
import type { Shell, ShellOptions } from "./shell.js";
import { shellPlugin } from "./shell-plugin.js";
import { requireConfig } from "./validate.js";

const plainShell: Agreement = {
  agentVersion: "",
  sessionType: "Standard_Stream",
  properties: {},
  customerMessage: "",
  isEncrypted: false,
};

/**
 * Opens a session that StartSession has made: connects, answers the agent's handshake if it wants one, and resolves once
 * the agent has spoken.
 *
 * Throws `INPUT_INVALID` and `CONFIG_INVALID` before anything is dialled. Rejects with `CREDENTIAL_REJECTED` when the gateway
 * refuses, `NETWORK_UNREACHABLE` or `DEADLINE_EXCEEDED` when nothing came in time, `UNSUPPORTED` for a session type without a
 * plugin.
 */
export async function openDataChannel(options: OpenOptions): Promise<Session> {
  requireConfig({ ...options });
  const registry = options.registry ?? new SessionPluginRegistry(builtInPlugins);
  options.signal?.throwIfAborted();
  return new Promise((resolve, reject) => new OpenSession(options, registry, resolve, reject));
}

class OpenSession implements Session {
  readonly id: string;
  readonly ended: Promise<SessionEnd>;
  readonly #options: OpenOptions;
  readonly #settings: ChannelSettings;
  readonly #registry: SessionPluginRegistry;
  readonly #channel: DataChannel;
  #agreement: Agreement = plainShell;
  #started: StartedSession<unknown> | undefined;
  #plugin: SessionPlugin | undefined;
  #status: ChannelStatus = "created";
  #whenEnded: (end: SessionEnd) => void = () => {};

  constructor(
    options: OpenOptions,
    registry: SessionPluginRegistry,
    onOpen: (session: Session) => void,
    onFailed: (reason: unknown) => void,
  ) {
    this.id = options.sessionId;
    this.#options = options;
    this.#settings = settle(options);
    this.#registry = registry;
    this.ended = new Promise((resolve) => {
      this.#whenEnded = resolve;
    });
    const { signal } = options;
    const onAbort = (): void => {
      onFailed(signal?.reason);
      this.#channel.close();
    };
    this.#channel = new DataChannel(this.#settings, (type) => registry.get(type) !== undefined, {
      onStatus: (status) => this.#onStatus(status),
      onReady: (agreement) => {
        signal?.removeEventListener("abort", onAbort);
        this.#start(agreement ?? plainShell);
        onOpen(this);
      },
      onEnd: (end) => {
        signal?.removeEventListener("abort", onAbort);
        onFailed(end.error ?? endedBeforeOpen(this.id, end));
        this.#whenEnded(end);
      },
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#channel.start();
  }

  get status(): ChannelStatus {
    return this.#status;
  }

  get sessionType(): string {
    return this.#agreement.sessionType;
  }

  get properties(): Readonly<Record<string, string>> {
    return this.#agreement.properties;
  }

  get agentVersion(): string {
    return this.#agreement.agentVersion;
  }

  get customerMessage(): string {
    return this.#agreement.customerMessage;
  }

  get isEncrypted(): boolean {
    return this.#agreement.isEncrypted;
  }

  get position(): StreamPosition | undefined {
    return this.#plugin === shellPlugin ? this.#channel.position(this.#agreement) : undefined;
  }

  get counters(): Readonly<ChannelCounters> {
    return this.#channel.counters;
  }

  shell(options?: ShellOptions): Shell {
    return this.as(shellPlugin).shell(options);
  }

  async run(options?: RunOptions): Promise<RunResult> {
    return this.as(shellPlugin).run(options);
  }

  async forwardPort(options?: ForwardOptions): Promise<PortForward> {
    return this.as(portPlugin).forward(options);
  }

  connectPort(): Duplex {
    return this.as(portPlugin).connect();
  }

  as<Face>(plugin: SessionPlugin<Face>): Face {
    if (this.#plugin === plugin && this.#started) return this.#started.face as Face;
    const message = `The session is of type ${this.sessionType}, which ${plugin.sessionTypes.join(", ")} is not.`;
    throw ssmError({ code: "UNSUPPORTED", message, sessionId: this.id });
  }

  close(): Promise<SessionEnd> {
    this.#channel.close();
    return this.ended;
  }

  async terminate(): Promise<SessionEnd> {
    if (this.#isOver()) return this.ended;
    // The flag reaches the agent through the session itself; the service needs credentials, but always works.
    await this.#started?.terminate?.();
    if (!this.#isOver()) await this.#terminateAtService();
    return this.close();
  }

  /** What the agent still has to say comes before the service closes the session. */
  #closedByService(): Promise<void> {
    const { clock, timings } = this.#settings;
    return new Promise((resolve) => {
      const deadline = clock.setTimer(clock.now() + timings.closeDeadlineMs, resolve);
      void this.ended.then(() => {
        deadline.cancel();
        resolve();
      });
    });
  }

  #isOver(): boolean {
    return this.#status === "terminated" || this.#status === "failed";
  }

  async #terminateAtService(): Promise<void> {
    const { terminate } = this.#options;
    if (!terminate) return;
    this.#channel.discardUnclaimed();
    try {
      await terminate(this.id);
      await this.#closedByService();
    } catch (error) {
      // The agent was quicker.
      if (!isColloquyError(error) || error.code !== "REMOTE_NOT_FOUND") throw error;
    }
  }

  #onStatus(status: ChannelStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#options.onStatus?.(status);
  }

  #start(agreement: Agreement): void {
    this.#agreement = agreement;
    const { sessionType, properties, agentVersion } = agreement;
    const channel: SessionChannel = {
      sessionId: this.id,
      sessionType,
      properties,
      agentVersion,
      write: (type, chunks, callbacks) => this.#channel.write(type, chunks, callbacks),
      attach: (consumer) => this.#channel.attach(consumer),
      deliver: () => this.#channel.deliver(),
    };
    this.#plugin = this.#registry.get(sessionType);
    this.#started = this.#plugin?.start(channel, { clock: this.#settings.clock });
  }
}

function endedBeforeOpen(sessionId: string, { text }: SessionEnd): Error {
  return ssmError({
    code: "PROVIDER_REJECTED",
    message: "The session ended before it was open.",
    sessionId,
    ...(text !== "" && { providerMessage: text }),
  });
}
