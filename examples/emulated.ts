import { startEmulator, type WasenderDials } from "@colloquy/emulator";

/** An account at the emulator, on which a phone scans by itself: stands in for a real account in these examples. */
export async function emulatedAccount(dials: Partial<WasenderDials> = {}): Promise<{
  readonly account: { readonly personalAccessToken: string; readonly baseUrl: string };
  readonly stop: () => Promise<void>;
}> {
  const emulator = await startEmulator({
    wasender: { dials: { scanAfterMs: 500, connectDelayMs: 200, accountProtectionMs: 300, ...dials } },
  });
  const { personalAccessToken, baseUrl } = emulator.wasender;
  return { account: { personalAccessToken, baseUrl }, stop: () => emulator.close() };
}
