import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** No nats-server can be had on this machine. The message says what to install. */
export class NatsServerMissing extends Error {
  override readonly name: string = "NatsServerMissing";
}

export interface FindNatsServerOptions {
  /** Default: `process.env`. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Whether Debian's package may be fetched into the cache when none is installed. Default true. */
  mayDownload?: boolean;
}

/** How long fetching the package may take. ASSUMED: it has 4 MB. */
const downloadDeadlineMs = 60_000;

/**
 * The program's file: `NATS_SERVER_BIN`, else the first `nats-server` on the path, else Debian's package unpacked into
 * `~/.cache/colloquy` (or `XDG_CACHE_HOME`). Nothing is installed. Rejects with `NatsServerMissing`.
 */
export async function findNatsServer(options: FindNatsServerOptions = {}): Promise<string> {
  const { environment = process.env, mayDownload = true } = options;
  const { NATS_SERVER_BIN: named } = environment;
  if (named !== undefined && named !== "") {
    if (isProgram(named)) return named;
    throw new NatsServerMissing(`NATS_SERVER_BIN names ${named}, which is no program that can be run.`);
  }
  const found = onPath("nats-server", environment) ?? unpackedIn(cacheOf(environment));
  if (found !== undefined) return found;
  if (!mayDownload) throw missing("It is neither on the PATH nor in NATS_SERVER_BIN.");
  return unpackNatsServer(environment);
}

function missing(why: string, cause?: unknown): NatsServerMissing {
  const advice = "Install it (Debian: apt-get install nats-server), or set NATS_SERVER_BIN to its file.";
  return new NatsServerMissing(`No nats-server was found. ${why} ${advice}`, { cause });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// Debian puts servers where the path of an ordinary user does not lead.
function onPath(name: string, { PATH: path = "" }: Readonly<Record<string, string | undefined>>): string | undefined {
  const folders = path === "" ? [] : [...path.split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function cacheOf({ XDG_CACHE_HOME: cache, HOME: home }: Readonly<Record<string, string | undefined>>): string {
  return join(cache === undefined || cache === "" ? join(home ?? homedir(), ".cache") : cache, "colloquy");
}

function unpackedIn(cache: string): string | undefined {
  return ["usr/sbin/nats-server", "usr/bin/nats-server"]
    .map((place) => join(cache, "nats-server", place))
    .find(isProgram);
}

/** Fetches Debian's package with apt-get and unpacks it into the cache. */
export async function unpackNatsServer(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const [apt, dpkg] = [onPath("apt-get", environment), onPath("dpkg", environment)];
  if (apt === undefined || dpkg === undefined)
    throw missing("It is not on the PATH, and only Debian's package could be fetched from here.");
  const cache = cacheOf(environment);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "fetching-"));
  try {
    const settings = { cwd: folder, timeout: downloadDeadlineMs, env: { ...environment } };
    await run(apt, ["download", "nats-server"], settings);
    const file = readdirSync(folder).find((name) => name.endsWith(".deb"));
    if (file === undefined) throw new Error("apt-get left no package behind.");
    await run(dpkg, ["-x", join(folder, file), join(folder, "unpacked")], settings);
    // Whole or not at all; of two processes that fetch at once, either one's may stay.
    if (!existsSync(join(cache, "nats-server"))) renameSync(join(folder, "unpacked"), join(cache, "nats-server"));
  } catch (error) {
    throw missing("It is not on the PATH, and Debian's package could not be fetched.", error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const found = unpackedIn(cache);
  if (found === undefined) throw missing("Debian's package holds none.");
  return found;
}
