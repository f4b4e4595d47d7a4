export const low = 'low';
