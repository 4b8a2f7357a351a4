import { SecretSeal, type StoreWithTranscripts } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import { DiscardPolicy, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { kindOf, storeFailure } from "./failure.js";
import { Link, type Tools } from "./link.js";
import { type NatsStoreOptions, settingsOf } from "./options.js";
import { checkServer } from "./server-facts.js";
import { askStore } from "./store/asks.js";
import { Heads } from "./store/heads.js";
import { inboxStore } from "./store/inbox.js";
import { leaseStore } from "./store/leases.js";
import { outboxStore } from "./store/outbox.js";
import { logStore, recordStore } from "./store/records.js";
import { MetaCell, sealMarkPlace, secretStore } from "./store/secrets.js";
import { StreamLog } from "./store/stream-log.js";
import { Subjects } from "./store/subjects.js";
import { WaitingSessions } from "./store/waiting-sessions.js";
import { transcriptStore } from "./transcripts/transcript-store.js";

/** Of the layout of streams and messages. */
const format = 1;

/**
 * Keeps sessions in JetStream (nats-server 2.9 or later), for many processes on many machines.
 *
 * One stream holds everything, in subjects that are histories of their own: the record of a session with its log; its outbox; its
 * inbox; its secrets; all questions; each conversation. A process knows such a history as the state that it comes to. Each step is one message that
 * names the last one that its writer knew, so it is taken only when nobody wrote in between. That makes steps over many rows
 * atomic with nothing but what 2.9 has, and a write whose answer was lost is known again by its id. The other way, a key for each
 * row, has no such steps: JetStream writes one message at a time. What goes by time (leases) lies in a bucket, by the server's clock.
 *
 * Acknowledged writes outlive every process, also the server's; a loss of power may take what the server had not synced. With
 * `replicas: 3` that takes the loss of two servers at once.
 *
 * Throws `CONFIG_INVALID` for wrong options. `open()` fails with `STORE_UNAVAILABLE`, with `STORE_SCHEMA_NEWER`, or with
 * `CONFIG_INVALID` when the server is too old or has no JetStream.
 */
export function natsStore(options: NatsStoreOptions): StoreWithTranscripts {
  const settings = settingsOf("natsStore", options, { timeoutMs: 5_000, environment: process.env });
  const link = new Link(settings);
  const subjects = new Subjects(settings.prefix);
  const log = new StreamLog(link, subjects.stream);
  const notes = new StreamLog(link, subjects.notes);
  const heads = new Heads(log, subjects);
  const meta = new MetaCell(log, subjects);
  const seal = new SecretSeal(settings.secretKey, sealMarkPlace(meta));
  const waiting = new WaitingSessions(notes, subjects, async (subject) => {
    await link.write(({ js }) => js.publish(subject, '{"stamp":""}'));
  });
  const outboxes = outboxStore(log, subjects, heads, waiting);
  const secrets = secretStore(log, subjects, heads, seal, meta);
  const leases = leaseStore(link, subjects, heads, settings.replicas);
  const asks = askStore(log, subjects, heads);
  const transcripts = transcriptStore(log, subjects, heads, seal);

  const makeStreams = async (tools: Tools): Promise<void> => {
    await checkServer("natsStore", tools, settings.replicas, settings.logger);
    await ensureStream(tools, subjects.stream, `${subjects.stream}.>`, settings.replicas);
    await ensureStream(tools, subjects.notes, `${subjects.notes}.*`, settings.replicas, 1);
    await leases.cells.prepare(tools);
  };
  const prepare = async (): Promise<void> => {
    await link.open(makeStreams);
    try {
      const { format: found } = await meta.change((before) => (before ? undefined : { format }));
      if (found > format)
        throw new ColloquyError({
          code: "STORE_SCHEMA_NEWER",
          message: "The store in NATS was written by a newer version.",
        });
      if (seal.isSealing) await secrets.sealAll();
    } catch (error) {
      await link.close();
      throw error;
    }
  };
  let opening: Promise<void> | undefined;
  return {
    manifest: {
      name: "nats",
      durability: "process",
      shared: true,
      encryptsSecrets: seal.isSealing,
      keepsTranscripts: true,
    },
    open() {
      opening ??= prepare().catch((error: unknown) => {
        opening = undefined;
        throw storeFailure(error);
      });
      return opening;
    },
    async close() {
      await opening?.catch(() => {});
      opening = undefined;
      await link.close();
    },
    records: recordStore(log, subjects, heads, {
      fence: (sessionId, creation, epoch) => outboxes.fence(sessionId, creation, epoch),
      async forget(sessionId) {
        await asks.forget(sessionId);
        await transcripts.forget(sessionId);
        await leases.forget(sessionId);
      },
    }),
    log: logStore(log, subjects, heads),
    outbox: outboxes.store,
    inbox: inboxStore(log, subjects, heads),
    secrets: secrets.store,
    leases: leases.store,
    asks: asks.store,
    transcripts: transcripts.store,
  };
}

async function ensureStream(
  { jsm }: Tools,
  name: string,
  subject: string,
  replicas: number,
  mostPerSubject = -1,
): Promise<void> {
  try {
    await jsm.streams.info(name);
    return;
  } catch (error) {
    if (kindOf(error) !== "missing") throw error;
  }
  // Several may do so at once: the same stream again is no mistake.
  await jsm.streams.add({
    name,
    subjects: [subject],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: mostPerSubject,
    num_replicas: replicas,
    // A copy may be behind the leader.
    allow_direct: false,
  });
}
