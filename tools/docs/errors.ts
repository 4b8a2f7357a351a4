import { errorCatalogue } from "@colloquy/core/contract";

/** Every code with its meaning and advice, as the table of docs/errors.md. */
export function renderErrors(): string {
  const rows = Object.entries(errorCatalogue)
    .toSorted(([, a], [, b]) => a.category.localeCompare(b.category))
    .map(
      ([code, { category, outcome, retryable, meaning, userAction }]) =>
        `| \`${code}\` | ${category} | \`${outcome}\` | ${retryable ? "yes" : "no"} | ${meaning} | ${userAction} |`,
    );
  return ["| Code | Category | Outcome | Retryable | When | What to do |", "|---|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}
