import { low } from './low.js';
export const hi = () => `hi ${low}`;
