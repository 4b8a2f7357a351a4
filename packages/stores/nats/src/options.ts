import { type Logger, silentLogger } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import type { NatsConnection } from "@nats-io/transport-node";

/** Where the servers are, and how long to wait for them. Give `servers` or `connection`. */
export interface NatsLinkOptions {
  /** One or more `nats://` or `tls://` addresses, also with commas between; a user and password, or a token, may be in the first. */
  readonly servers?: string | readonly string[];
  /** A connection of yours, which should reconnect for ever (`maxReconnectAttempts: -1`). It stays open. */
  readonly connection?: NatsConnection;
  /** Begins the names of streams and buckets: letters, digits, `_` and `-`. Other prefixes share nothing. Default `colloquy`. */
  readonly prefix?: string;
  /** Copies of each stream, on as many servers: 1, 3 or 5. Only for what is made new. Default 1. */
  readonly replicas?: number;
}

/** Of `natsStore`. */
export interface NatsStoreOptions extends NatsLinkOptions {
  /**
   * Encrypts stored secrets (session keys, webhook secrets). Any text; long and random is best.
   * Default: the environment variable `COLLOQUY_SECRET_KEY`; without it, secrets are stored as they are.
   */
  readonly secretKey?: string;
  /**
   * A call waits so long for a server that is away or does not answer, in milliseconds, over a restart of it if need be;
   * then it fails with `STORE_UNAVAILABLE`. Default 5,000.
   */
  readonly timeoutMs?: number;
  /** Hears at `open()` what the server lacks. Default: nobody does. */
  readonly logger?: Logger;
}

/** Of `natsBudget`. */
export interface NatsBudgetOptions extends NatsLinkOptions {
  /** A call that takes longer has failed, in milliseconds. Default 400. */
  readonly timeoutMs?: number;
}

export interface Settings {
  readonly servers: readonly string[];
  readonly login: Readonly<Record<"user" | "pass" | "token", string | undefined>>;
  readonly connection: NatsConnection | undefined;
  readonly prefix: string;
  readonly replicas: number;
  readonly secretKey: string | undefined;
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** Throws `CONFIG_INVALID`. */
export function settingsOf(
  who: string,
  given: NatsStoreOptions,
  defaults: { readonly timeoutMs: number; readonly environment: NodeJS.ProcessEnv },
): Settings {
  const wrong = (message: string): ColloquyError =>
    new ColloquyError({ code: "CONFIG_INVALID", message: `${who}: ${message}` });
  const { servers, connection, prefix = "colloquy", replicas = 1, secretKey, logger = silentLogger } = given;
  const { timeoutMs = defaults.timeoutMs } = given;
  if ((servers === undefined) === (connection === undefined)) throw wrong("give either `servers` or `connection`.");
  const addresses = (typeof servers === "string" ? [servers] : (servers ?? [])).flatMap((text) => text.split(","));
  const urls = addresses.map((text) => (text.includes("://") ? text.trim() : `nats://${text.trim()}`));
  // A text may hold a password: it is not repeated.
  if (!urls.every((url) => URL.canParse(url) && /^(?:nats|tls):$/.test(new URL(url).protocol)))
    throw wrong("`servers` must be nats:// or tls:// addresses.");
  if (servers !== undefined && urls.length === 0) throw wrong("`servers` must name at least one.");
  if (typeof prefix !== "string" || !/^[\w-]{1,64}$/.test(prefix))
    throw wrong("`prefix` must be 1 to 64 letters, digits, `_` or `-`.");
  if (![1, 3, 5].includes(replicas)) throw wrong("`replicas` must be 1, 3 or 5.");
  if (secretKey === "") throw wrong("`secretKey` must not be empty.");
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 2 ** 31 - 1)
    throw wrong("`timeoutMs` must be a whole number of milliseconds, from 1 to 2,147,483,647.");
  return {
    servers: urls.map(withoutLogin),
    login: loginOf(urls[0]),
    connection,
    prefix,
    replicas,
    secretKey: secretKey ?? (defaults.environment["COLLOQUY_SECRET_KEY"] || undefined),
    timeoutMs,
    logger,
  };
}

/** The client takes no notice of a login in an address. */
function loginOf(url: string | undefined): Settings["login"] {
  const { username, password } = url === undefined ? { username: "", password: "" } : new URL(url);
  const [name, word] = [decodeURIComponent(username), decodeURIComponent(password)];
  if (name === "") return { user: undefined, pass: undefined, token: undefined };
  return word === "" ? { user: undefined, pass: undefined, token: name } : { user: name, pass: word, token: undefined };
}

function withoutLogin(url: string): string {
  return url.replace(/\/\/[^/]*@/, "//");
}
