import type { ConnectFacet, Connection, ConnectionTools, SessionContext } from "@colloquy/core/contract";
import type { Resume } from "../channel/resume.js";
import type { ChannelStatus, SessionEnd } from "../channel/session-channel.js";
import { readStreamPosition, type StreamPosition } from "../channel/stream-position.js";
import { ssmError } from "../errors.js";
import { openDataChannel } from "../sessions/open.js";
import type { OpenOptions, Session } from "../sessions/session.js";
import { secretNames } from "./lifecycle.js";
import { operations } from "./operations.js";
import type { SsmOptions } from "./options.js";

/** Kept while a connection is open: were it lost with its process, nobody would know where the stream stands. */
const underWay = JSON.stringify({ underWay: true });

/** Holds a session's data channel. Breaks are mended inside, by resuming; core hears of them and waits. */
export function connectFacet(options: SsmOptions): ConnectFacet<Session> {
  return { connect: (context, tools) => connect(options, context, tools) };
}

async function connect(
  options: SsmOptions,
  context: SessionContext,
  tools: ConnectionTools,
): Promise<Connection<Session>> {
  const { secrets, signal } = tools;
  signal.throwIfAborted();
  const stream = secrets[secretNames.stream];
  const position = stream === undefined ? undefined : readStreamPosition(stream);
  if (stream !== undefined && !position) throw streamLost(context, tools);
  const resume = resumeOf(options, tools);
  const line = new SsmLine(tools);
  const session = await openDataChannel({
    ...openOptions(options, context, tools),
    tokenValue: await tokenOf(context, tools, stream === undefined ? undefined : resume),
    ...(resume && { resume }),
    ...(position && { position }),
    onStatus: (status) => line.onStatus(status),
    onAlive: () => line.onAlive(),
  });
  try {
    await tools.learn({ secrets: { [secretNames.stream]: underWay } });
  } catch (error) {
    await session.close();
    throw error;
  }
  line.hold(session);
  return line;
}

function openOptions(
  options: SsmOptions,
  { remoteId, settings }: SessionContext,
  { clock, random, secrets, signal, call }: ConnectionTools,
): Omit<OpenOptions, "tokenValue"> {
  const { registry, dataKeys, clientVersion, limits, timings, webSocket, dial } = options;
  const target = settings["target"];
  return {
    sessionId: remoteId,
    streamUrl: secrets[secretNames.streamUrl] ?? "",
    // As long as the service has a token for the session, it stands.
    timings: { reconnectWindowMs: Number.POSITIVE_INFINITY, ...timings },
    clock,
    random,
    signal,
    ...(hasKeys(secrets) && {
      terminate: async (sessionId) => void (await call(operations.sessions.terminate, { sessionId })),
    }),
    ...(typeof target === "string" && { target }),
    ...(registry && { registry }),
    ...(dataKeys && { dataKeys }),
    ...(clientVersion !== undefined && { clientVersion }),
    ...(limits && { limits }),
    ...(webSocket && { webSocket }),
    ...(dial && { dial }),
  };
}

const hasKeys = (secrets: ConnectionTools["secrets"]): boolean => secrets["personal_access_token"] !== undefined;

/** Resumes by core's own call, which also keeps the new token; undefined where nothing can be asked. */
function resumeOf(options: SsmOptions, { secrets, call, learn }: ConnectionTools): Resume | undefined {
  const given = options.resume;
  if (given)
    return async (sessionId, signal) => {
      const resumed = await given(sessionId, signal);
      if (resumed) await learn({ secrets: { session_key: resumed.token } });
      return resumed;
    };
  if (!hasKeys(secrets)) return undefined;
  return async (sessionId, signal) => {
    const { tokenValue: token } = await call(operations.sessions.resume, { sessionId }, { signal });
    return token === undefined ? undefined : { token };
  };
}

/** A connection after the first wants a token of its own. */
async function tokenOf(
  { remoteId }: SessionContext,
  { secrets, signal }: ConnectionTools,
  resume: Resume | undefined,
): Promise<string> {
  if (!resume) return secrets["session_key"] ?? "";
  const resumed = await resume(remoteId, signal);
  if (resumed) return resumed.token;
  throw ssmError({ code: "REMOTE_NOT_FOUND", message: "The service has no token for the session any more." });
}

/** Both ends count their frames, and the numbers of this end went down with the process, or with a broken stream. */
function streamLost({ sessionId }: SessionContext, { tell }: ConnectionTools): Error {
  tell({ source: "connection", word: "Failed", details: { reason: "stream_lost" } });
  return ssmError({
    code: "UNSUPPORTED",
    message: "The session's stream was not closed in order, so it cannot be gone on with.",
    sessionId,
    userAction: "Close this session and start another.",
  });
}

/** How the lifecycle spells what the channel says. */
const wordOf: Readonly<Record<ChannelStatus, string>> = {
  created: "Created",
  connecting: "Connecting",
  connected: "Connected",
  disconnected: "Disconnected",
  terminating: "Terminating",
  terminated: "Terminated",
  failed: "Failed",
};

class SsmLine implements Connection<Session> {
  readonly #tools: ConnectionTools;
  #session: Session | undefined;
  #status: ChannelStatus = "created";
  #hasStood = false;
  #kept: Promise<unknown> = Promise.resolve();

  constructor(tools: ConnectionTools) {
    this.#tools = tools;
  }

  get surface(): Session {
    return this.#session as Session;
  }

  get isMending(): boolean {
    return this.#status === "disconnected";
  }

  hold(session: Session): void {
    this.#session = session;
    this.#kept = session.ended.then((end) => this.#onEnd(session, end));
  }

  onStatus(status: ChannelStatus): void {
    this.#status = status;
    if (status === "connected") this.#hasStood = true;
    // Until it stands, a break is part of the attempt to make it.
    if (status === "disconnected" && !this.#hasStood) return;
    // How it ended is told once that is known; and before it is open, by the rejection.
    if (status !== "terminated" && status !== "failed") this.#tell(wordOf[status]);
  }

  onAlive(): void {
    if (this.#status === "connected") this.#tell(wordOf.connected);
  }

  async close(goal: "release" | "suspend" | "terminate"): Promise<void> {
    const session = this.#session;
    if (!session) return;
    try {
      await (goal === "terminate" ? session.terminate() : session.close());
    } catch {
      // What could not be said to the agent or the service is asked of the service once more, by the provider's own `close`.
      await session.close();
    }
    await this.#kept;
  }

  async #onEnd(session: Session, { reason, error }: SessionEnd): Promise<void> {
    const { position } = session;
    try {
      if (position) await this.#keep(position);
    } catch {
      // Not kept: then another connection will say that the stream is lost.
    }
    if (reason === "failed") this.#tell(wordOf.failed, { reason: error?.code ?? "unknown" });
    else this.#tell(reason === "closed_by_us" ? wordOf.disconnected : wordOf.terminated);
  }

  #keep(position: StreamPosition): Promise<void> {
    return this.#tools.learn({ secrets: { [secretNames.stream]: JSON.stringify(position) } });
  }

  #tell(word: string, details?: Readonly<Record<string, string>>): void {
    this.#tools.tell({ source: "connection", word, ...(details && { details }) });
  }
}
