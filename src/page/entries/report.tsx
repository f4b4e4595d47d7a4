/** The script of a report: what was rendered to HTML comes alive with the data that stand beside it. */
export {};
