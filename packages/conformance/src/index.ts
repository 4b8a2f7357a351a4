export type { ProviderMatrixRow } from "./provider/matrix.js";
export { providerMatrix } from "./provider/matrix.js";
export type { ProviderSuiteOptions, ProviderSuiteReport, SkippedProviderTest } from "./provider/provider-suite.js";
export { providerSuite } from "./provider/provider-suite.js";
export type { People, ProviderWorld, ServiceView, WorldAbility } from "./provider/world.js";
export type { StoreSubject } from "./store/store-case.js";
export type { SkippedTest, StoreFactory, StoreSuiteOptions, StoreSuiteReport } from "./store/store-suite.js";
export { storeSuite } from "./store/store-suite.js";
