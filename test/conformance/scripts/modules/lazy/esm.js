export const v = 5;
export default function(){ return 'def' }
export const lazy = () => require('./other.js').x;
