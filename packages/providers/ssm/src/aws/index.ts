export type { AwsCredentialSource, AwsCredentials } from "./credentials.js";
export { environmentCredentials } from "./credentials.js";
export type { KmsDataKeysOptions } from "./data-keys.js";
export { kmsDataKeys } from "./data-keys.js";
export type { AwsOptions } from "./request.js";
export type { SessionApi, StartedAtService, StartSessionInput } from "./session-api.js";
export { sessionApi } from "./session-api.js";
export { signedUpgrade } from "./upgrade.js";
