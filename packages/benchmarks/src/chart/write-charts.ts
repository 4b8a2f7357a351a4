import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { trafficScenarios } from "../scenarios/catalogue.js";
import { runScenarios } from "../scenarios/run-scenarios.js";
import { startBenchServer } from "../server/child.js";
import type { ServerReport } from "../server/plan.js";
import { renderChart } from "./render-chart.js";

const charts = [
  { scenario: "fixed-window-known", file: "transport-fixed-window.svg" },
  { scenario: "spacing-known", file: "transport-spacing.svg" },
] as const;

const drawn = ["Colloquy", "@discordjs/rest", "axios-retry, tuned", "axios + Bottleneck reservoir"];

/** Runs each charted scenario once and draws what the server accepted and refused, beside what it would have allowed. */
export async function writeCharts(progress: (text: string) => void): Promise<void> {
  const server = await startBenchServer();
  for (const { scenario: name, file } of charts) {
    const scenario = trafficScenarios("full").find((one) => one.name === name);
    if (!scenario) throw new Error(`There is no scenario "${name}".`);
    const reports = new Map<string, ServerReport>();
    await runScenarios(server, [{ ...scenario, subjects: drawn }], {
      rounds: 1,
      lanes: 2,
      progress,
      onReport: (_scenario, subject, report) => reports.set(subject, report),
    });
    const path = fileURLToPath(new URL(`../../../../docs/${file}`, import.meta.url));
    // In the order of the list, not of arrival: a client keeps its colour.
    const inOrder = drawn.flatMap((subject) => {
      const report = reports.get(subject);
      return report ? [[subject, report] as const] : [];
    });
    writeFileSync(path, renderChart(scenario, new Map(inOrder)));
    progress(`wrote docs/${file}`);
  }
  await server.close();
}
