/** From a recorded path to the name of its endpoint: what differs from user to user is a placeholder. */

const idShapes = [
  /^\d+$/u,
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu,
  /^[\da-f]{16,}$/iu,
  // A long run of letters and digits that is no word.
  /^(?=.*\d)(?=.*[A-Za-z])[\w-]{20,}$/u,
];

/** "/users/12/orders" is "/users/{id}/orders"; `isVariable` says of further segments that they are values. */
export function endpointName(path: string): string {
  const names = path.split("/").map((segment) => {
    const text = decode(segment);
    return idShapes.some((shape) => shape.test(text)) ? "{id}" : segment;
  });
  return names.join("/") || "/";
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // not encoded as it should be: taken as it is
  }
}
