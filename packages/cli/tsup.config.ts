import { base } from "../../tsup.base.js";

export default base({ entry: ["src/bin.ts"], format: ["esm"], dts: false });
