export const setup = { not: 'a function' };
export default function () {}
