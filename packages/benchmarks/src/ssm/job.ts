/** What is moved, which way, and in how many pieces. Travels to the gateway in the address of the session. */
export interface SsmJob {
  readonly kind: "output" | "input" | "download" | "upload";
  /** Of all streams together. */
  readonly bytes: number;
  /** Payload of one frame of output. */
  readonly frameBytes: number;
  /** Connections over the port; 1 for a shell. */
  readonly streams: number;
}

export const isPort = ({ kind }: SsmJob): boolean => kind === "download" || kind === "upload";

export function asQuery(job: SsmJob): string {
  return new URLSearchParams(
    Object.entries(job).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

export function fromQuery(query: URLSearchParams): SsmJob {
  const count = (name: string): number => Number(query.get(name));
  return {
    kind: query.get("kind") as SsmJob["kind"],
    bytes: count("bytes"),
    frameBytes: count("frameBytes"),
    streams: count("streams"),
  };
}

/** What one stream of a port carries. */
export const bytesOfStream = ({ bytes, streams }: SsmJob): number => Math.ceil(bytes / streams);
