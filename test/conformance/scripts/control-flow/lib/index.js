export { default as Client, status as ask } from './client.js';
export * from './client.js';
export * as everything from './client.js';
import { odd } from './odd.js';
export const even = (n) => n === 0 || odd(n - 1);
