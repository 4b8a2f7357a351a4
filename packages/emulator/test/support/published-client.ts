import * as wasenderapi from "wasenderapi";

/** The published client for the same service, for those who compare with it and are no package of their own. */
export { createWasender, Wasender } from "wasenderapi";

/** What the package offers at run time. */
export const exportNames: readonly string[] = Object.keys(wasenderapi).filter(
  (name) => !["default", "module.exports", "__esModule"].includes(name),
);
