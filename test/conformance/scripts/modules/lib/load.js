export function load(){return open("./lib/f.txt").trim()} export const top1 = open("./f.txt").trim();
