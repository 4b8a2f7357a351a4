import { type Colloquy, createColloquy, type Session, type TransportOptions } from "@colloquy/core";
import { type Emulator, startEmulator, type WasenderDials } from "@colloquy/emulator";
import { type WasenderOptions, type WasenderProvider, wasender } from "../../src/index.js";

/** An emulated Wasender with one session, and a client in front of it. */
export interface Service {
  readonly emulator: Emulator;
  readonly colloquy: Colloquy<readonly [WasenderProvider]>;
  readonly session: Session<WasenderProvider>;
  /** The session's number at the emulator. */
  readonly id: number;
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly dials?: Partial<WasenderDials>;
  readonly provider?: WasenderOptions;
  readonly limits?: NonNullable<TransportOptions["limits"]>;
  readonly accountProtection?: boolean;
}

/** The provider with timings short enough for a test on the real clock. */
function quick(provider: WasenderProvider): WasenderProvider {
  const { manifest } = provider;
  return {
    ...provider,
    manifest: { ...manifest, timings: { ...manifest.timings, pollActiveMs: 20, pollConnectedMs: 50 } },
  };
}

export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const { dials = {}, provider: providerOptions, limits = {}, accountProtection = false } = options;
  const emulator = await startEmulator({ wasender: { dials: { connectDelayMs: 5, ...dials } } });
  const { baseUrl, personalAccessToken } = emulator.wasender;
  const provider = quick(wasender({ baseUrl, personalAccessToken, ...providerOptions }));
  const colloquy = createColloquy({ providers: [provider], transport: { limits: { backoffBaseMs: 1, ...limits } } });
  const session = await colloquy.sessions.create("wasender", {
    name: "Shop",
    phoneNumber: "+15550100",
    accountProtection,
  });
  return {
    emulator,
    colloquy,
    session,
    id: emulator.wasender.sessions[0]?.id ?? 0,
    async close() {
      await colloquy.shutdown({ graceMs: 0 });
      await emulator.close();
    },
  };
}
