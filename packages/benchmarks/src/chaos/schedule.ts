import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "@colloquy/core";
import type { Broker } from "./brokers.js";
import type { ChaosWorker } from "./workers.js";

export interface Fault {
  readonly name: string;
  readonly strike: () => Promise<void>;
}

export interface ScheduleOptions {
  readonly workers: readonly ChaosWorker[];
  readonly broker: Broker;
  readonly leaseMs: number;
  readonly random: Random;
}

/** Everything that may befall a round on this kind of store. */
function faultsOf({ workers, broker, leaseMs, random }: ScheduleOptions): readonly Fault[] {
  const one = (): ChaosWorker => workers[Math.floor(random() * workers.length)] as ChaosWorker;
  const faults: Fault[] = [
    { name: "kill", strike: () => one().killAndRestart() },
    { name: "hand over", strike: () => one().handOverAndRestart() },
    {
      name: "freeze",
      async strike() {
        const worker = one();
        worker.freeze();
        await delay(leaseMs * 1.6);
        worker.thaw();
      },
    },
  ];
  if (broker.killAndRestart)
    faults.push({
      name: "broker kill",
      async strike() {
        await broker.killAndRestart?.();
      },
    });
  if (broker.port !== undefined)
    faults.push(
      {
        name: "cut",
        async strike() {
          const { proxy } = one();
          proxy?.cut();
          await delay(leaseMs * (0.3 + random()));
          proxy?.mend();
        },
      },
      {
        name: "slow",
        async strike() {
          const { proxy } = one();
          proxy?.slow(150);
          await delay(leaseMs);
          proxy?.slow(0);
        },
      },
    );
  return faults;
}

/** One fault after another, in an order that the seed decides, each kind at least once in as many turns as there are kinds. */
export async function strikeUntil(
  options: ScheduleOptions,
  isOver: () => boolean,
  tell: (name: string) => void,
): Promise<void> {
  const faults = faultsOf(options);
  let left: Fault[] = [];
  while (!isOver()) {
    if (left.length === 0) left = [...faults];
    const [fault] = left.splice(Math.floor(options.random() * left.length), 1);
    if (!fault) return;
    tell(fault.name);
    await fault.strike();
    await delay(200 + options.random() * 600);
  }
}
