// conformance: {"with":["lib"]}
export function setup(){ return 1 } export function handleSummary(){ return {} }
