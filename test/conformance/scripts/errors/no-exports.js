// Nothing to run.
console.log('loaded');
