// The tests of Floor: `npx vitest run --config floor/vitest.config.ts`.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// `retry`: tests wait for states, but a loaded machine may still let a timer pass first.
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: { include: ["tests/**/*.test.ts", "src/**/*.test.ts"], environment: "node", retry: 2, setupFiles: ["fake-indexeddb/auto"], maxWorkers: 2 },
});
