import { afterEach, beforeEach } from "vitest";
import {
  type EmulatorWithSsm,
  type SsmEmulatorOptions,
  type SsmStartInput,
  startEmulator,
} from "../../../src/index.js";
import { type ClientOptions, DataChannelClient } from "./data-channel-client.js";

/** A fresh gateway for every test of a file, and clients that are closed with it. */
export interface SsmStage {
  emulator: EmulatorWithSsm;
  ssm: EmulatorWithSsm["ssm"];
  /** Starts a session and a client on it, not yet connected. */
  client(input?: SsmStartInput, options?: ClientOptions): { id: string; client: DataChannelClient };
  /** The same, connected. */
  opened(input?: SsmStartInput, options?: ClientOptions): Promise<{ id: string; client: DataChannelClient }>;
  /** One request of the services' API. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look at parts of what came back.
  api(operation: string, body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: any }>;
}

export function useSsmStage(options: SsmEmulatorOptions = {}): SsmStage {
  const stage = {} as SsmStage;
  const clients: DataChannelClient[] = [];
  beforeEach(async () => {
    const emulator = await startEmulator({ ssm: options });
    const { ssm } = emulator;
    const client: SsmStage["client"] = (input, clientOptions) => {
      const answer = ssm.start(input);
      const made = new DataChannelClient(answer, clientOptions);
      clients.push(made);
      return { id: answer.SessionId, client: made };
    };
    const opened: SsmStage["opened"] = async (input, clientOptions) => {
      const made = client(input, clientOptions);
      await made.client.open();
      // The open message has no answer.
      const isConnected = (): boolean => ssm.session(made.id).counters.connections > 0;
      if (!ssm.dials.deaf) await made.client.until(isConnected, "the connection");
      return made;
    };
    const api: SsmStage["api"] = async (operation, body, headers = {}) => {
      const response = await fetch(ssm.endpointUrl, {
        method: "POST",
        headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": operation, ...headers },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    Object.assign(stage, { emulator, ssm, client, opened, api });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await stage.emulator.close();
  });
  return stage;
}
