export { natsBudget } from "./nats-budget.js";
export { natsStore } from "./nats-store.js";
export type { NatsBudgetOptions, NatsLinkOptions, NatsStoreOptions } from "./options.js";
