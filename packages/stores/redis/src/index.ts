export type { RedisBudgetOptions } from "./options.js";
export { redisBudget } from "./redis-budget.js";
export type { RedisStoreOptions } from "./store/options.js";
export { redisStore } from "./store/redis-store.js";
