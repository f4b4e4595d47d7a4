// Options that are refused: trend-stats.
export const options = { summaryTrendStats: ['avg', 'foo'] };
export default function () {
  console.log('never');
}
