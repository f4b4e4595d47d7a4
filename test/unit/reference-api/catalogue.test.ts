import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { catalogue, catalogueSize } from "../../../reference-api/catalogue.ts";

describe("catalogue", () => {
  const all = catalogue();

  it("has 2,000 series with their own id, slug and title", () => {
    assert.equal(catalogueSize, 2_000);
    for (const key of ["id", "slug", "title"] as const) {
      assert.equal(new Set(all.map((series) => series[key])).size, catalogueSize, key);
    }
  });

  it("is the same on every machine and in every version", () => {
    const fingerprint = createHash("sha256").update(JSON.stringify(all)).digest("hex");
    assert.equal(fingerprint, "b77ffeb4a5eda54d7bdadcd6eb75a409c7485249453be57a1deb4468723a7056");
  });

  it("stays within what the schema allows", () => {
    for (const series of all) {
      assert.ok(series.rating >= 2.5 && series.rating <= 5, `rating of ${series.slug}`);
      assert.ok(
        series.popularity > 0 && Number.isInteger(series.popularity),
        `popularity of ${series.slug}`,
      );
      assert.ok(
        series.episodeCount >= 8 && series.episodeCount <= 100,
        `episodes of ${series.slug}`,
      );
      assert.match(series.releasedOn, /^20(?:19|2[0-5])-\d\d-\d\d$/u);
      assert.match(series.slug, /^[a-z]+-[a-z]+$/u);
      assert.equal(new Set(series.genres).size, series.genres.length);
    }
  });

  it("has enough series for every search of the guide", () => {
    for (const genre of ["drama", "comedy", "action", "romance", "thriller"]) {
      assert.ok(all.filter((series) => series.genres.includes(genre)).length >= 100, genre);
    }
  });
});
