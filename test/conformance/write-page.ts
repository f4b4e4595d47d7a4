/** `npm run conformance:page`. */
import { writePage } from "./page.ts";

writePage();
