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

/** Values that must never be printed, whatever an error says. */
export function secretsOf(environment: Environment): readonly string[] {
  return [environment["WASENDER_PERSONAL_ACCESS_TOKEN"], environment["COLLOQUY_SECRET_KEY"]].filter(
    (value): value is string => value !== undefined && value !== "",
  );
}
