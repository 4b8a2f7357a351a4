import { parseArgs } from "node:util";
import { writeCharts } from "./chart/write-charts.js";
import { runTransport } from "./transport.js";

const usage = `pnpm bench transport [--json] [--quick] [--only <scenario>]… [--subject <name>]… [--rounds 3] [--lanes 3]
                     [--write: renews the figures in docs/transport.md]
                     [--trace <file>: the server's instants of every run, one JSON object a line]
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
else if (positionals[0] === "chart") await writeCharts(progress);
else {
  console.error(usage);
  process.exitCode = 2;
}
