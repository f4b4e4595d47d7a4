/** JSON schema of a `SeriesCard`: lets Fastify compile the serialisation of lists. */
export const cardSchema = {
  type: "object",
  properties: {
    id: { type: "integer" },
    slug: { type: "string" },
    title: { type: "string" },
    genres: { type: "array", items: { type: "string" } },
    language: { type: "string" },
    episodeCount: { type: "integer" },
    rating: { type: "number" },
  },
} as const;
