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

const { positionals, values } = parseArgs({
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

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

if (positionals[0] === "transport")
  await runTransport({
    isJson: values.json,
    size: values.quick ? "quick" : "full",
    only: values.only,
    subjects: values.subject,
    rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
    lanes: Number(values.lanes ?? (values.quick ? 4 : 3)),
    writesDocument: values.write,
    progress,
    ...(values.trace === undefined ? {} : { traceFile: values.trace }),
  });
else if (positionals[0] === "ssm")
  await runSsm({
    isJson: values.json,
    size: values.quick ? "quick" : "full",
    only: values.only,
    rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
    progress,
  });
else if (positionals[0] === "stores")
  await runStores({
    isJson: values.json,
    size: values.quick ? "quick" : "full",
    only: values.only,
    subjects: values.subject,
    rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
    withPeers: !values["no-peers"],
    writesDocument: values.write,
    progress,
  });
else if (positionals[0] === "fleet")
  await runFleet({
    isJson: values.json,
    size: values.quick ? "quick" : "full",
    only: values.only,
    rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
    progress,
  });
else if (positionals[0] === "asks")
  await runAsks({
    isJson: values.json,
    size: values.quick ? "quick" : "full",
    rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
    progress,
  });
else if (positionals[0] === "chart") await writeCharts(progress);
else {
  console.error(usage);
  process.exitCode = 2;
}
