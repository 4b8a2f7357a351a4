export type { StoreSubject } from "./store/store-case.js";
export type { SkippedTest, StoreFactory, StoreSuiteOptions, StoreSuiteReport } from "./store/store-suite.js";
export { storeSuite } from "./store/store-suite.js";
