/**
 * What is asked about archives by those that read none: every run of a plain script. It loads nothing; `archive.ts`
 * brings the reader of tars along.
 */

/** True for a tar; scripts are text. */
export function isArchive(bytes: Uint8Array): boolean {
  const magicAt = 257;
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    "latin1",
    magicAt,
    magicAt + 5,
  );
  return magic === "ustar";
}

/** A path as archives name it: without the user's name, with slashes. */
export function archivedPath(path: string): string {
  return path
    .replaceAll("\\", "/")
    .replace(/^((?:\/[a-zA-Z]:)?\/(?:home|Users)\/)[^/]+(?=\/)/u, "$1nobody");
}
