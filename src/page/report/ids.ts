/** Ids that the document and its script agree on. */
export const reportIds = { root: "report", data: "report-data" } as const;
