import type { BenchMessage } from "./workload.js";

/** One store under measurement. What is absent it does not have. */
export interface StoreSubject {
  create(id: string, metadata?: Readonly<Record<string, string | number>>): Promise<void>;
  append(id: string, message: BenchMessage): Promise<unknown>;
  appendMany?(id: string, messages: readonly BenchMessage[]): Promise<void>;
  /** Every message, in order, as values the caller may keep. */
  load(id: string): Promise<readonly unknown[]>;
  /** Where that is much quicker than loading. */
  count?(id: string): Promise<number>;
  newest?(id: string, count: number): Promise<readonly unknown[]>;
  copy?(id: string, to: string): Promise<void>;
  mergeMetadata?(id: string, metadata: Readonly<Record<string, number>>): Promise<void>;
  metadata?(id: string): Promise<Readonly<Record<string, unknown>>>;
  /** The newest 50 under a filter, and how to go on. */
  list?(
    filter: Readonly<Record<string, string | number>>,
    after?: string,
  ): Promise<{ readonly count: number; readonly cursor?: string }>;
  search?(text: string): Promise<number>;
  close(): Promise<void>;
}

export type OpenSubject = (folder: string) => Promise<StoreSubject>;

export type StoreFigures = Readonly<Record<string, number>>;
