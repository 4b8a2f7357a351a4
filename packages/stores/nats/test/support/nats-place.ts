import { findNatsServer, type NatsServer } from "@colloquy/emulator";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

export const hasNatsServer: boolean = await findNatsServer({ mayDownload: false }).then(
  () => true,
  () => false,
);
if (!hasNatsServer) console.info("SKIP tests over a real NATS: no nats-server on the PATH, nor in NATS_SERVER_BIN");

/** Every message that any stream of the prefix holds. */
export async function messagesOf(server: NatsServer, prefix: string): Promise<readonly Uint8Array[]> {
  const nc = await connect({ servers: server.url });
  const jsm = await jetstreamManager(nc);
  const found: Uint8Array[] = [];
  for await (const { config, state } of jsm.streams.list()) {
    if (!config.name.startsWith(`${prefix}_`) && !config.name.startsWith(`KV_${prefix}_`)) continue;
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await jsm.streams.getMessage(config.name, { seq }).catch(() => null);
      if (message) found.push(message.data);
    }
  }
  await nc.close();
  return found;
}

/** As an operator may do it. */
export async function forgetBucket(server: NatsServer, bucket: string): Promise<void> {
  const nc = await connect({ servers: server.url });
  await (await jetstreamManager(nc)).streams.delete(`KV_${bucket}`);
  await nc.close();
}
