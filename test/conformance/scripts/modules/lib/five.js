import {x} from "./sub2/four.js"; export const y=x; export const z=open("./f.txt").trim();
