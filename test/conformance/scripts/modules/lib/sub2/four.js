export const x=open("./f.txt").trim();
