import { type NatsServer, NatsServerMissing, natsServer } from "@colloquy/emulator";
import type { MeetingKind } from "../subjects/subject.js";
import { startRedis } from "./redis.js";

/** Where processes that share a limit meet; none of a kind that this machine has no server for. */
export type MeetingUrls = Partial<Readonly<Record<MeetingKind, string>>>;

export interface Meetings {
  readonly urls: MeetingUrls;
  close(): Promise<void>;
}

/** Servers of the bench's own, of the kinds that are asked for. */
export async function startMeetings(kinds: ReadonlySet<MeetingKind>): Promise<Meetings> {
  const [redis, nats] = await Promise.all([
    kinds.has("redis") ? startRedis() : undefined,
    kinds.has("nats") ? startNats() : undefined,
  ]);
  return {
    urls: { ...(redis ? { redis: redis.url } : {}), ...(nats ? { nats: nats.url } : {}) },
    async close() {
      await Promise.all([redis?.close(), nats?.close()]);
    },
  };
}

/** Undefined when this machine has no nats-server. */
async function startNats(): Promise<NatsServer | undefined> {
  try {
    return await natsServer({ jetStream: true, mayDownload: false });
  } catch (error) {
    if (error instanceof NatsServerMissing) return undefined;
    throw error;
  }
}
