import { homedir } from "node:os";
import { join } from "node:path";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly store?: string;
  readonly json?: boolean;
  readonly events?: boolean;
  readonly debug?: boolean;
  readonly showSecrets?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `--store`, then COLLOQUY_STORE, then the user's data folder as the XDG base directory specification names it. */
export function storePath(options: GlobalOptions, environment: Environment, home: string = homedir()): string {
  const chosen = options.store ?? environment["COLLOQUY_STORE"];
  if (chosen) return chosen;
  return join(environment["XDG_DATA_HOME"] || join(home, ".local", "share"), "colloquy", "colloquy.db");
}

const secretVariables: readonly string[] = [
  "WASENDER_PERSONAL_ACCESS_TOKEN",
  "COLLOQUY_SECRET_KEY",
  "COLLOQUY_SSM_TOKEN",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "ATLUS_PERSONAL_ACCESS_TOKEN",
  "ORG_SESSIONS_TOKEN",
  "OPENAI_API_KEY",
  "ANTHROPIC_API_KEY",
];

/** Values that must never be printed, whatever an error says. */
export function secretsOf(environment: Environment): readonly string[] {
  return [...secretVariables.map((name) => environment[name]), ...loginsIn(environment["ORG_NATS_URL"])].filter(
    (value): value is string => value !== undefined && value !== "",
  );
}

/** Passwords and tokens that stand in addresses with commas between. A user's name alone is no secret where a password is. */
function loginsIn(addresses: string | undefined): readonly string[] {
  return (addresses ?? "").split(",").flatMap((address) => {
    const url = address.trim();
    if (!URL.canParse(url)) return [];
    const { username, password } = new URL(url);
    return [decodeURIComponent(password === "" ? username : password)];
  });
}
