import type { Problem } from "@colloquy/core/contract";
import type { ConnectionOptions, TlsOptions } from "@nats-io/transport-node";

/** Where NATS is, and how to get in. */
export interface NatsAccess {
  /**
   * One or several, as a list or with commas between: `nats://user:password@host:4222`, `nats://token@host`, `tls://host`.
   * Default: the environment variable `ORG_NATS_URL`, else `nats://127.0.0.1:4222`.
   */
  readonly servers?: string | readonly string[];
  /** Instead of those in the addresses. */
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** Certificates, for servers that need more than the machine's own. Without it, `tls://` alone turns TLS on. */
  readonly tls?: TlsOptions;
}

interface Login {
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

const defaultServers = "nats://127.0.0.1:4222";

function addressesOf({ servers }: NatsAccess): readonly string[] {
  // The client's documentation promises this variable.
  const given = servers ?? process.env["ORG_NATS_URL"] ?? defaultServers;
  const list = typeof given === "string" ? given.split(",") : given;
  return list.map((one) => one.trim()).filter((one) => one !== "");
}

function urlOf(address: string): URL | undefined {
  const text = address.includes("://") ? address : `nats://${address}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** What is wrong with the addresses. A password that stands in one is not repeated. */
export function problemsOfAccess(access: NatsAccess, field: string): readonly Problem[] {
  const addresses = addressesOf(access);
  if (addresses.length === 0) return [{ field, message: "Names no server." }];
  const urls = addresses.map(urlOf);
  const isWrong = (url: URL | undefined): boolean =>
    url === undefined || url.hostname === "" || !/^(?:nats|tls):$/.test(url.protocol);
  if (urls.some(isWrong)) return [{ field, message: "Must be nats:// or tls:// addresses, with commas between." }];
  const logins = new Set(urls.map((url) => JSON.stringify(url === undefined ? {} : loginIn(url))));
  logins.delete("{}");
  if (logins.size > 1) return [{ field, message: "May hold one login only: the servers of one cluster share it." }];
  if (access.token !== undefined && (access.user !== undefined || access.password !== undefined))
    return [{ field, message: "Takes a token, or a user with a password, not both." }];
  return [];
}

function loginIn({ username, password }: URL): Login {
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  if (pass !== "") return { user, pass };
  return user === "" ? {} : { token: user };
}

/**
 * As the client takes it: it ignores a login in an address, so that one is taken out and given beside. Ends no try to reconnect,
 * and finds a dead line within a minute.
 */
export function connectionOptions(access: NatsAccess, name: string): ConnectionOptions {
  const urls = addressesOf(access).flatMap((address) => urlOf(address) ?? []);
  const { user, password, token, tls } = access;
  const found = urls.map(loginIn).find((login) => Object.keys(login).length > 0) ?? {};
  const given: Login = {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(token === undefined ? {} : { token }),
  };
  const usesTls = tls !== undefined || urls.some(({ protocol }) => protocol === "tls:");
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port === "" ? 4222 : port}`),
    ...(Object.keys(given).length > 0 ? given : found),
    ...(usesTls ? { tls: tls ?? {} } : {}),
    name,
    reconnect: true,
    maxReconnectAttempts: -1,
    // A login that is refused after a restart may be a server that is not quite up.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 500,
    reconnectJitter: 500,
    pingInterval: 20_000,
    maxPingOut: 2,
    timeout: 5_000,
  };
}
