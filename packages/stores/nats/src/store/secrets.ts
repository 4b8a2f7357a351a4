import type { SealMark, SealMarkPlace, SecretSeal, SecretStore } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import type { Heads } from "./heads.js";
import { type Fold, Journal } from "./journal.js";
import { Journals } from "./journals.js";
import type { StreamLog } from "./stream-log.js";
import type { Subjects } from "./subjects.js";

type Texts = Map<string, string>;
type SecretEvent = { readonly put: readonly (readonly [string, string])[] } | { readonly clear: true };

const secretFold: Fold<Texts, SecretEvent, readonly (readonly [string, string])[]> = {
  empty: () => new Map(),
  apply(texts, event) {
    if ("clear" in event) texts.clear();
    else for (const [name, text] of event.put) texts.set(name, text);
  },
  keep: (texts) => [...texts],
  restore: (kept) => new Map(kept),
};

/** What a store keeps once for all sessions. */
export interface Meta {
  readonly format: number;
  readonly seal?: SealMark;
  /** Secrets of the time before there was a key are sealed too. */
  readonly isSealed?: boolean;
}

export class MetaCell {
  readonly #log: StreamLog;
  readonly #subject: string;

  constructor(log: StreamLog, subjects: Subjects) {
    this.#log = log;
    this.#subject = subjects.meta;
  }

  async read(): Promise<Meta | undefined> {
    return (await this.#log.last<Meta>(this.#subject))?.body;
  }

  /** What is there then. `change` gives undefined for what it leaves as it is. */
  async change(change: (meta: Meta | undefined) => Meta | undefined): Promise<Meta> {
    for (;;) {
      const last = await this.#log.last<Meta>(this.#subject);
      const next = change(last?.body);
      if (last && !next) return last.body;
      if (next && (await this.#log.append(this.#subject, next, last?.seq ?? 0)) !== undefined) return next;
    }
  }
}

export function sealMarkPlace(meta: MetaCell): SealMarkPlace {
  return {
    read: async () => (await meta.read())?.seal,
    async establish(mark) {
      const kept = await meta.change((before) => (before?.seal ? undefined : { format: 1, ...before, seal: mark }));
      return kept.seal ?? mark;
    },
  };
}

export interface Secrets {
  readonly store: SecretStore;
  /** At the first opening with a key: encrypts what is there. When it is cut short, the next opening does it. */
  sealAll(): Promise<void>;
}

export function secretStore(
  log: StreamLog,
  subjects: Subjects,
  heads: Heads,
  seal: SecretSeal,
  meta: MetaCell,
): Secrets {
  // A secret that was changed or removed must not be found in the past of the stream.
  const journals = new Journals((subject) => new Journal(log, subject, secretFold, { keepsNoPast: true }));
  const at = (sessionId: SessionId, creation: string): ReturnType<typeof journals.at> =>
    journals.at(subjects.group(sessionId, creation, "secrets"));
  const find = async (sessionId: SessionId): Promise<ReturnType<typeof journals.at> | undefined> => {
    const head = await heads.find(sessionId);
    return head && at(sessionId, head.creation);
  };

  const store: SecretStore = {
    async put(sessionId, secrets) {
      const put = await seal.seal(sessionId, secrets);
      const { creation } = await heads.need(sessionId);
      await at(sessionId, creation).change(() => ({ event: { put }, result: () => {} }));
    },
    async get(sessionId) {
      return seal.open(sessionId, (await (await find(sessionId))?.read((texts) => [...texts])) ?? []);
    },
    async remove(sessionId) {
      await (await find(sessionId))?.change((texts) =>
        texts.size > 0 ? { event: { clear: true }, result: () => {} } : { result: () => {} },
      );
    },
  };

  return {
    store,
    async sealAll() {
      if ((await meta.read())?.isSealed) return;
      // Makes the mark: from now on nobody without the key may add a secret.
      await seal.seal("", {});
      for (const { record } of await heads.newestFirst()) {
        const journal = await find(record.id);
        const kept = (await journal?.read((texts) => [...texts])) ?? [];
        const put: [string, string, string][] = [];
        for (const [name, text] of kept) {
          const sealed = await seal.resealed(record.id, name, text);
          if (sealed !== undefined) put.push([name, text, sealed]);
        }
        await journal?.change((texts) => {
          const same = put.filter(([name, text]) => texts.get(name) === text);
          const event = { put: same.map(([name, , sealed]) => [name, sealed] as const) };
          return same.length > 0 ? { event, result: () => {} } : { result: () => {} };
        });
      }
      await meta.change((before) => ({ format: 1, ...before, isSealed: true }));
    },
  };
}
