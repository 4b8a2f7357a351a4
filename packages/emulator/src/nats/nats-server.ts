import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FindNatsServerOptions, findNatsServer } from "./find-nats-server.js";
import { natsPublisher } from "./publisher.js";
import { runServer, type ServerProcess } from "./server-process.js";

export interface NatsServerOptions extends FindNatsServerOptions {
  /** Default 0: a free port. Always on 127.0.0.1. */
  port?: number;
  /** With a store of its own, which outlives kills and restarts. Default false. */
  jetStream?: boolean;
  /** Who may connect. Default: everybody. */
  user?: string;
  password?: string;
  /** Instead of a user with a password. */
  token?: string;
  /** More lines of the server's configuration, for example `tls { … }`. */
  config?: string;
}

/** A real nats-server on this machine, in a folder of its own. It ends with this process, however that ends. */
export interface NatsServer {
  /** With the user and password, or the token, in it. */
  readonly url: string;
  readonly port: number;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** For the emulator's option `org.publish`: plain messages, tried again over an outage. */
  readonly publish: (subject: string, payload: string, reply?: string) => Promise<void>;
  /** Ends it as an operator would. The store stays. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does. The store stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same store; one that runs is stopped first. */
  restart(): Promise<void>;
  /** Stops it for good and removes its folder. */
  close(): Promise<void>;
}

/** Finds and starts a nats-server; see `findNatsServer`. Rejects with `NatsServerMissing`, or when it does not start. */
export async function natsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const file = await findNatsServer(options);
  const folder = mkdtempSync(join(tmpdir(), "colloquy-nats-"));
  const start = (port: number): Promise<ServerProcess> => {
    const config = join(folder, "server.conf");
    // In a file that only its owner reads: everybody sees the arguments of a process.
    writeFileSync(config, configOf(options, folder, port), { mode: 0o600 });
    return runServer(file, ["-c", config]);
  };
  let running: ServerProcess;
  try {
    mkdirSync(join(folder, "store"));
    running = await start(options.port ?? 0);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const { port } = running;
  const url = `nats://${loginOf(options)}127.0.0.1:${port}`;
  const publisher = natsPublisher(url);
  return {
    url,
    port,
    get pid() {
      return running.isRunning ? running.pid : undefined;
    },
    publish: publisher.publish,
    stop: () => running.end("SIGTERM"),
    kill: () => running.end("SIGKILL"),
    async restart() {
      await running.end("SIGTERM");
      running = await start(port);
    },
    async close() {
      publisher.close();
      await running.end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(options: NatsServerOptions, folder: string, port: number): string {
  const { user, password, token, jetStream = false, config = "" } = options;
  const login = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
  const authorization = token === undefined ? login : { token };
  return [
    `listen: "127.0.0.1:${port === 0 ? -1 : port}"`,
    ...(Object.keys(authorization).length === 0 ? [] : [`authorization: ${JSON.stringify(authorization)}`]),
    ...(jetStream ? [`jetstream: ${JSON.stringify({ store_dir: join(folder, "store") })}`] : []),
    config,
    "",
  ].join("\n");
}

function loginOf({ user, password, token }: NatsServerOptions): string {
  if (token !== undefined) return `${encodeURIComponent(token)}@`;
  return user === undefined ? "" : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? "")}@`;
}
