import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WasenderDials } from "@colloquy/emulator";
import { type Emulator, startEmulator } from "@colloquy/emulator";
import { type Ran, type RunOptions, run } from "./terminal.js";

/** Made up, and long enough to be found wherever it leaks. */
export const canaries = {
  token: "7|canaryTokenCanaryTokenCanaryTokenCanaryToken00",
  secretKey: "canary-secret-key-canary-secret-key",
  phone: "+15550142",
  recipient: "+15550187",
  text: "canary text that nobody may read",
} as const;

export interface Emulated {
  readonly emulator: Emulator;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Runs a command against the emulator and a store of its own. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  close(): Promise<void>;
}

export async function emulated(dials: Partial<WasenderDials> = {}): Promise<Emulated> {
  const folder = mkdtempSync(join(tmpdir(), "colloquy-cli-"));
  const emulator = await startEmulator({
    wasender: {
      personalAccessTokens: [canaries.token],
      dials: { scanAfterMs: 50, connectDelayMs: 20, accountProtectionMs: 50, ...dials },
    },
  });
  const environment = {
    COLLOQUY_STORE: join(folder, "colloquy.db"),
    COLLOQUY_SECRET_KEY: canaries.secretKey,
    WASENDER_BASE_URL: emulator.wasender.baseUrl,
    WASENDER_PERSONAL_ACCESS_TOKEN: canaries.token,
    WASENDER_ACCOUNT_PROTECTION_WINDOW_MS: "60",
  };
  return {
    emulator,
    environment,
    folder,
    run: (args, options = {}) => run(args, { ...options, environment: { ...environment, ...options.environment } }),
    async close() {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
