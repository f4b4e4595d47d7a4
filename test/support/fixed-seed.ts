/**
 * Loaded before every test file (scripts/test.ts): property tests draw the same cases each time, so that a change is
 * judged by what it changes. LAKH_FUZZ=1 draws new ones.
 */
import fc from "fast-check";

if (process.env["LAKH_FUZZ"] === undefined) fc.configureGlobal({ seed: 20_261_123 });
