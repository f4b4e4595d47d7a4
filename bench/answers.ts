/**
 * What every target of the bench answers, as text: the journey's four endpoints, a small and a large body, and a sink
 * for orders. nginx and the target of ours answer the same bytes, so that their figures may stand side by side.
 */

/** The prepared JSON answers by "METHOD path", the query left out. */
export const answers: ReadonlyMap<string, string> = new Map([
  [
    "POST /api/v1/auth/guest/init",
    JSON.stringify({ guest: { id: "bench" }, tokens: { accessToken: "bench-token" } }),
  ],
  ["GET /api/v1/content/mobile/home", JSON.stringify({ rails: seriesRails() })],
  ["GET /api/v1/search", JSON.stringify({ query: "drama", count: 1, results: [series(1)] })],
  ["GET /api/v1/engagement/series/saved", JSON.stringify({ count: 1, series: [series(1)] })],
  ["GET /small", JSON.stringify({ text: "x".repeat(70) })],
  ["GET /large", JSON.stringify("x".repeat(102_398))], // 102,400 bytes with the quotes
  ["POST /orders", JSON.stringify({ order: 1, state: "accepted" })],
]);

/** The JSON body of the scenario that posts: 2,048 bytes. */
export const orderBody: string = JSON.stringify({ customer: 7, note: "x".repeat(2_024) });

function series(id: number): object {
  return {
    id,
    title: `Series ${id}`,
    genres: ["drama"],
    rating: 4.5,
    episodes: 40,
    poster: `/posters/${id}.jpg`,
  };
}

/** A home feed of about 3 KB. */
function seriesRails(): object[] {
  return ["Trending", "New", "Drama"].map((title, rail) => ({
    title,
    series: Array.from({ length: 10 }, (_, index) => series(rail * 10 + index)),
  }));
}
