import { base } from "../../../tsup.base.js";

// `import.meta.url` must also mean something in the CommonJS build: an optional driver is looked up from it.
export default base({ shims: true });
