import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Figures } from "../scenarios/scenario.js";
import { asQuery, isPort, type SsmJob } from "./job.js";

interface Said {
  readonly port?: number;
  readonly movedBytes?: number;
  readonly figures?: Figures;
}

const next = async (child: ChildProcess, name: string): Promise<Said> => {
  const gone = new AbortController();
  const exit = once(child, "exit", { signal: gone.signal }).then(() => {
    throw new Error(`The ${name} has ended in the middle of its work.`);
  });
  exit.catch(() => {});
  const [said] = (await Promise.race([once(child, "message"), exit])) as [Said];
  gone.abort();
  return said;
};

/** The built programs of both sides. */
export interface SsmPrograms {
  readonly client: string;
  readonly gateway: string;
}

/** One run: a fresh client against a fresh gateway, each a process. Throws when not every byte arrived. */
export async function measureSession({ client, gateway }: SsmPrograms, job: SsmJob): Promise<Figures> {
  const env = { ...process.env, NODE_OPTIONS: "", NODE_ENV: "production" };
  const far = fork(gateway, [], { env, execArgv: [] });
  try {
    const { port } = await next(far, "gateway");
    const near = fork(client, [String(port), asQuery(job)], { env, execArgv: [] });
    const ask = async (order: object): Promise<Said> => {
      far.send({ job, ...order });
      return next(far, "gateway");
    };
    let moved: Said | undefined;
    if (isPort(job)) {
      moved = await ask({ port: (await next(near, "client")).port });
      near.send({ isDone: true });
    }
    const { figures } = await next(near, "client");
    moved ??= await ask({});
    const expected = isPort(job) ? Math.ceil(job.bytes / job.streams) * job.streams : job.bytes;
    if (moved.movedBytes !== expected)
      throw new Error(`${job.kind}: ${moved.movedBytes} of ${expected} bytes have arrived.`);
    return figures ?? {};
  } finally {
    far.disconnect();
  }
}
