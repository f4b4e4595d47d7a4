// A function, but not the default one.
export function other() {}
