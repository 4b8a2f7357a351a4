export type { KeptLedger } from "./kept-ledger.js";
export { exchangeOn } from "./kept-ledger.js";
export { localBudget } from "./local-budget.js";
export type { SharedAnswer, SharedBudget, SharedCall, SharedPermit, SharedRule, WindowEnd } from "./shared-budget.js";
export { sharedTimes } from "./shared-budget.js";
