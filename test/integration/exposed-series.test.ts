/** What the dashboards ask of a target's own page is what the reference API, and so prom-client, really exposes. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { startReferenceApi } from "../../reference-api/index.ts";
import { seriesCatalogue } from "../support/series-catalogue.ts";

it("the reference API exposes every series of a process and its pool that dashboards ask for", async (t) => {
  const api = await startReferenceApi();
  t.after(() => api.close());
  const page = await (await fetch(`${api.url}/metrics`)).text();
  const exposed = new Map(
    [...page.matchAll(/^# TYPE (\w+) (\w+)$/gmu)].map(([, name, type]) => [name!, type!]),
  );
  const asked = seriesCatalogue.filter(
    ({ from }) => from === "prom-client" || from === "the pool's gauges",
  );
  assert.ok(asked.length >= 10);
  for (const { name } of asked) {
    const isPartOfHistogram = exposed.get(name.replace(/_sum$/u, "")) === "histogram";
    assert.ok(exposed.has(name) || isPartOfHistogram, `${name} is not on the page`);
  }
});
