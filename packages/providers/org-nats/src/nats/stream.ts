import { AckPolicy, type JetStreamManager, type JsMsg, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { natsFailure } from "./failure.js";

/** Keeps what is published, so that an answer given while nobody listens is told to the next one who does. */
export interface StreamOptions {
  /** Made when there is none of this name. Default `hitl`. */
  readonly stream?: string;
  /** What a stream that is made captures. Default `hitl.*`: the subjects of all sessions that have a subject of their own. */
  readonly subjects?: readonly string[];
  /** How long answers are kept, and a place of a session that nobody listens to. Default 604,800,000: seven days. */
  readonly maxAgeMs?: number;
}

export const defaultStream: Required<StreamOptions> = {
  stream: "hitl",
  subjects: ["hitl.*"],
  // ASSUMED: longer than most questions wait.
  maxAgeMs: 7 * 24 * 3_600_000,
};

const nanos = (ms: number): number => ms * 1_000_000;

/** Whether a stream with these subjects captures a subject. */
export function captures(subjects: readonly string[], subject: string): boolean {
  const tokens = subject.split(".");
  return subjects.some((pattern) => {
    const wanted = pattern.split(".");
    return (
      wanted.every((token, index) => {
        if (token === ">") return index < tokens.length;
        return index < tokens.length && (token === "*" || token === tokens[index]);
      }) &&
      (wanted.at(-1) === ">" || wanted.length === tokens.length)
    );
  });
}

export interface StreamPlace {
  /** Ends the listening; what was not acknowledged is told again. */
  stop(): Promise<void>;
  /** Gives the place up for good. */
  remove(): Promise<void>;
}

/**
 * A durable place in the stream for one session, made before anybody is asked. `onMessage` resolves when the message is stored
 * here; then it is acknowledged. One that rejects is told again.
 */
export async function listenInStream(
  connection: NatsConnection,
  options: StreamOptions,
  place: { readonly sessionId: string; readonly subject: string },
  onMessage: (message: JsMsg) => Promise<void>,
): Promise<StreamPlace> {
  const { stream, subjects, maxAgeMs } = { ...defaultStream, ...options };
  // Durable names take no dots and no blanks.
  const name = `wait-${place.sessionId.replace(/[^\w-]/g, (sign) => `=${sign.codePointAt(0)?.toString(16)}=`)}`;
  try {
    const manager = await jetstreamManager(connection);
    await ensureStream(manager, stream, subjects, maxAgeMs);
    await manager.consumers.add(stream, {
      durable_name: name,
      filter_subject: place.subject,
      ack_policy: AckPolicy.Explicit,
      inactive_threshold: nanos(maxAgeMs),
    });
    const consumer = await jetstream(connection).consumers.get(stream, name);
    const messages = await consumer.consume({ max_messages: 10 });
    const listening = (async () => {
      for await (const message of messages) {
        try {
          await onMessage(message);
          await message.ackAck();
        } catch {
          message.nak(1_000);
        }
      }
    })().catch(() => {});
    const stop = async (): Promise<void> => {
      await messages.close();
      await listening;
    };
    return {
      stop,
      async remove() {
        await stop();
        await manager.consumers.delete(stream, name).catch(() => {});
      },
    };
  } catch (error) {
    throw natsFailure(error, `listening in the stream ${stream}`);
  }
}

async function ensureStream(
  manager: JetStreamManager,
  name: string,
  subjects: readonly string[],
  maxAgeMs: number,
): Promise<void> {
  try {
    await manager.streams.info(name);
  } catch (error) {
    if (!(error instanceof Error) || !/stream not found/i.test(error.message)) throw error;
    await manager.streams.add({ name, subjects: [...subjects], max_age: nanos(maxAgeMs) });
  }
}
