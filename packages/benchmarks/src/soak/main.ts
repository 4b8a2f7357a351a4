import { parseArgs } from "node:util";
import { type SsmSoakReport, soakSsm } from "./ssm.js";

const usage = `pnpm soak ssm [--seed <number>] [--mb 100: in each direction] [--cuts 5] [--json]
         exact bytes through lost, doubled and overtaking frames, lost acknowledgements and broken connections`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    mb: { type: "string", default: "100" },
    cuts: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

function print(seed: number, report: SsmSoakReport): void {
  if (values.json) process.stdout.write(`${JSON.stringify({ seed, ok: report.complaints.length === 0, ...report })}\n`);
  else
    for (const [name, value] of Object.entries(report))
      process.stdout.write(`${name.padEnd(16)} ${typeof value === "number" ? Math.round(value) : value}\n`);
}

if (positionals[0] === "ssm") {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  tell(`seed ${seed}`);
  const bytes = Number(values.mb) * 1e6;
  const report = await soakSsm({ bytes, seed, cuts: Number(values.cuts), onProgress: tell });
  print(seed, report);
  process.exitCode = report.complaints.length === 0 ? 0 : 1;
} else {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
}
