console.log('top level of loud-module.js'); export const x = 1;
