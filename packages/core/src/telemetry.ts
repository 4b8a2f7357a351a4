export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Span {
  set(attributes: Attributes): void;
  end(error?: unknown): void;
}

/** What core reports. The default does nothing; `openTelemetry()` turns it into spans and metrics. */
export interface Telemetry {
  span(name: string, attributes: Attributes): Span;
  /** A counter, by 1 when `by` is left out. */
  count(name: string, attributes: Attributes, by?: number): void;
  /** A histogram value; the unit ends the name. */
  record(name: string, value: number, attributes: Attributes): void;
  /**
   * A value that is read when somebody collects: every reading there is, each with its attributes. What is returned ends it.
   * Absent: gauges are not reported.
   */
  gauge?(name: string, read: () => Iterable<readonly [value: number, attributes: Attributes]>): () => void;
  /** False while nobody listens, so that a caller can spare itself the describing. Absent: somebody does. */
  isListening?(): boolean;
}

const noSpan: Span = { set: () => {}, end: () => {} };

/** Costs a call that returns a shared object, and nothing else. */
export const noTelemetry: Telemetry = {
  span: () => noSpan,
  count: () => {},
  record: () => {},
  isListening: () => false,
};
