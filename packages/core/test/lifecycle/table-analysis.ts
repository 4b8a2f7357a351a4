import type { SessionState } from "../../src/contract/index.js";
import { guards, type QuestionName, questions } from "../../src/lifecycle/guards.js";
import type { Row } from "../../src/lifecycle/row.js";

export type Answers = Partial<Record<QuestionName, readonly string[]>>;

/** What a row accepts, question by question. */
function accepted(row: Row): Answers {
  const answers: Answers = {};
  for (const name of row.when) {
    const { question, accepts } = guards[name];
    answers[question] = (answers[question] ?? accepts).filter((answer) => accepts.includes(answer));
  }
  return answers;
}

function canBothMatch(one: Row, other: Row): boolean {
  const left = accepted(one);
  const right = accepted(other);
  return (Object.keys(left) as QuestionName[]).every(
    (question) => right[question] === undefined || left[question]?.some((answer) => right[question]?.includes(answer)),
  );
}

/** Every state and event for which two rows could match at once, found from the guards alone. */
export function ambiguities(rows: readonly Row[]): readonly string[] {
  const found: string[] = [];
  rows.forEach((one, index) => {
    for (const other of rows.slice(index + 1))
      for (const state of one.from)
        for (const event of one.on)
          if (other.from.includes(state) && other.on.includes(event) && canBothMatch(one, other))
            found.push(`${state} ${event}: ${one.id} + ${other.id}`);
  });
  return found;
}

/** The combinations of answers for which no row matches this state and event. */
export function openCases(
  rows: readonly Row[],
  state: SessionState,
  event: string,
  given: Answers,
): readonly Partial<Record<QuestionName, string>>[] {
  const candidates = rows.filter((row) => row.from.includes(state) && (row.on as readonly string[]).includes(event));
  if (candidates.length === 0) return [{}];
  const names = [...new Set(candidates.flatMap((row) => row.when.map((name) => guards[name].question)))];
  let cases: Partial<Record<QuestionName, string>>[] = [{}];
  for (const name of names)
    cases = cases.flatMap((known) =>
      (given[name] ?? questions[name].answers).map((answer) => ({ ...known, [name]: answer })),
    );
  return cases.filter(
    (known) =>
      !candidates.some((row) =>
        row.when.every((name) => guards[name].accepts.includes(known[guards[name].question] ?? "")),
      ),
  );
}
