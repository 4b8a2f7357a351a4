import { parseArgs } from "node:util";
import { runAsks } from "./asks/run-asks.js";
import { writeCharts } from "./chart/write-charts.js";
import { runFleet } from "./fleet/run-fleet.js";
import { runSsm } from "./ssm/run-ssm.js";
import { runStores } from "./stores/run-stores.js";
import { runTransport } from "./transport.js";

const usage = `pnpm bench transport [--json] [--quick] [--only <scenario>]… [--subject <name>]… [--rounds 3] [--lanes 3]
                     [--write: renews the figures in docs/transport.md]
                     [--trace <file>: the server's instants of every run, one JSON object a line]
pnpm bench ssm [--json] [--quick] [--only <case>]… [--rounds 3]
pnpm bench stores [--json] [--quick] [--only <job>]… [--subject <name>]… [--rounds 3] [--no-peers]
                  [--write: renews the figures in docs/stores.md]
pnpm bench fleet [--json] [--quick] [--only <case>]… [--rounds 3]
pnpm bench asks [--json] [--quick] [--rounds 3]
pnpm bench chart`;

const { positionals, values } = given();

function given() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        only: { type: "string", multiple: true, default: [] },
        rounds: { type: "string" },
        lanes: { type: "string" },
        write: { type: "boolean", default: false },
        trace: { type: "string" },
        "no-peers": { type: "boolean", default: false },
        subject: { type: "string", multiple: true, default: [] },
      },
    });
  } catch (error) {
    // A wrong option: what there is helps more than a trace.
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

const common = {
  isJson: values.json,
  size: values.quick ? ("quick" as const) : ("full" as const),
  only: values.only,
  rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
  progress: (text: string): void => void process.stderr.write(`${text}\n`),
};

const benches: Readonly<Record<string, () => Promise<void>>> = {
  transport: () =>
    runTransport({
      ...common,
      subjects: values.subject,
      lanes: Number(values.lanes ?? (values.quick ? 4 : 3)),
      writesDocument: values.write,
      ...(values.trace === undefined ? {} : { traceFile: values.trace }),
    }),
  ssm: () => runSsm(common),
  stores: () =>
    runStores({
      ...common,
      subjects: values.subject,
      withPeers: !values["no-peers"],
      writesDocument: values.write,
    }),
  fleet: () => runFleet(common),
  asks: () => runAsks(common),
  chart: () => writeCharts(common.progress),
};

const bench = benches[positionals[0] ?? ""];
if (bench) await bench();
else {
  console.error(usage);
  process.exitCode = 2;
}
