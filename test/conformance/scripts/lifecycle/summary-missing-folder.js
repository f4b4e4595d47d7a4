// handleSummary that names a file in a folder that does not exist: the others are written.
export default function () {}
export function handleSummary() {
  return { 'a.txt': 'text', 'nowhere/b.txt': 'lost' };
}
