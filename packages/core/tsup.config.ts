import { base } from "../../tsup.base.js";

export default base({
  entry: ["src/index.ts", "src/contract/index.ts", "src/testing/index.ts", "src/webhooks/index.ts"],
});
