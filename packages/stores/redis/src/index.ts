export type { RedisBudgetOptions } from "./options.js";
export { redisBudget } from "./redis-budget.js";
