import type { HumanPolicy, OrgDials } from "./dials.js";

/** Publishes to NATS. `reply` is what a subject with a space makes of its second half, as on the real wire. */
export type Publish = (subject: string, payload: string, reply?: string) => void | Promise<void>;

export interface OrgEmulatorOptions {
  /** A named scenario: a bundle of dials. Default "calm". */
  scenario?: string;
  /** Dials that win over every scenario. `dialect` is one of them. */
  dials?: Partial<OrgDials>;
  /** Where events go. Default: nowhere; they are only kept in `published`. */
  publish?: Publish;
  /** Human channels besides "human", by id, with what the human behind each does. */
  channels?: Record<string, HumanPolicy>;
  /**
   * A file that holds sessions and channels, as a database would: what was answered is there again after a kill. Default: memory.
   * Questions and events are not kept.
   */
  file?: string;
  /** What the human answers to a question, instead of the dial `answer`. */
  answer?: (question: { sessionId: string; channelId: string; message: string }) => Record<string, unknown>;
}
